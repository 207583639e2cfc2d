"""How long work is told of and done from the command line: a bar, threads here or a cluster elsewhere."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from api.long_work import Told
from data.workers import workers_at
from geo.errors import InvalidInputError
from routing.chunks import HERE, Found, Threads, Workers

LISTENS_EVERY_S = 0.2
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT",
        help="Have the work done by the Dask cluster of this scheduler. You must trust it: what it answers "
        "can run anything here.",
    ),
]
Threaded = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, help="How many threads do the work. Default: one a core; 1 is no other thread."
    ),
]


@contextmanager
def told_of(doing: str, scheduler: str | None, threads: int | None = None) -> Iterator[Told]:
    """Say on stderr how work goes, with a bar on a terminal, and give it to whoever is to do it."""
    if scheduler is None:
        yield _told(doing, _here(threads or os.cpu_count() or 1))
        return
    if threads is not None:
        raise InvalidInputError("workers", "the cluster of the scheduler has its own; leave one of them out")
    with workers_at(scheduler) as workers:
        yield _told(doing, workers)


def interruptible(work: Callable[[], Found]) -> Found:
    """Do work that writes nothing in a thread of its own, so that Ctrl-C is heard even inside a solver."""
    thread = ThreadPool(1)
    try:
        begun = thread.apply_async(work)
        while not begun.ready():
            begun.wait(LISTENS_EVERY_S)
        return begun.get()
    finally:
        thread.terminate()


def _here(threads: int) -> Workers:
    return HERE if threads == 1 else Threads(threads)


def _told(doing: str, workers: Workers) -> Told:
    return Told(_said, _Bar(doing), workers)


def _said(sentence: str) -> None:
    typer.echo(sentence, err=True)


@dataclass(frozen=True)
class _Bar:
    """A bar on stderr, where that is a terminal."""

    doing: str

    def __call__(self, found: Iterator[Found], total: int, /) -> Iterator[Found]:
        paper = Console(stderr=True)
        yield from track(
            found, description=self.doing, total=total, console=paper, disable=not paper.is_terminal
        )
