"""Work beside the service: a step taken again and again, from a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from data.database import DATABASE_LOST
from geo.errors import RescueError

log = logging.getLogger(__name__)


@contextmanager
def repeatedly(step: Callable[[], None], every_s: float, name: str) -> Iterator[None]:
    """
    Take a step at once and every so often, until the block ends.

    A step that finds no database, or fails for a reason that can be mended, is taken again at its next time.
    One that fails for any other reason ends its thread, which says so with its trace, and another goes on:
    nobody may stop watching for good because of one row.
    """
    done = threading.Event()
    keeper = threading.Thread(
        target=_keep_working, args=(step, every_s, done, name), name=f"{name}-keeper", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep_working(step: Callable[[], None], every_s: float, done: threading.Event, name: str) -> None:
    while not done.is_set():
        worker = threading.Thread(target=_work, args=(step, every_s, done), name=name, daemon=True)
        worker.start()
        worker.join()
        done.wait(every_s)


def _work(step: Callable[[], None], every_s: float, done: threading.Event) -> None:
    name = threading.current_thread().name
    while not done.is_set():
        try:
            step()
        except DATABASE_LOST:
            log.debug("%s: the database is away", name)
        except RescueError as error:
            log.warning("%s: %s", name, error)
        done.wait(every_s)
