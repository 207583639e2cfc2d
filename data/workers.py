"""
Work done by a Dask cluster: its scheduler is somebody else's, and we only call it.

What is sent and what comes back are pickles, which can run anything. So a scheduler and its workers must be
trusted like this machine itself, on a network that nobody else is on. No port is opened here.
"""

import logging
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Protocol, TypeVar, cast

from geo.errors import InvalidInputError, RescueError

Kept = TypeVar("Kept", bound=tuple[object, ...])
Piece = TypeVar("Piece")
Found = TypeVar("Found")

PRODUCT = "rescuegrid"
PROTOCOLS = ("tcp://", "tls://")
ANSWERS_WITHIN_S = 10
AHEAD = 4
"""So many pieces a thread of the cluster are sent before the first is asked for."""


class Future(Protocol):
    """What a cluster has been asked for."""

    def result(self) -> object:
        """Wait for it."""
        ...


class Client(Protocol):
    """What we ask of Dask, which is an extra: its own types are not at hand everywhere."""

    def nthreads(self) -> Mapping[str, int]:
        """Return how many threads each worker has."""
        ...

    def wait_for_workers(self, n_workers: int, timeout: float) -> None:
        """Wait until there are so many workers."""
        ...

    def run(
        self, function: Callable[..., Found], *arguments: object, on_error: str = "raise"
    ) -> Mapping[str, Found | Exception]:
        """Return what a function finds on every worker."""
        ...

    def scatter(self, data: list[object], *, broadcast: bool, hash: bool) -> list[Future]:
        """Give something to every worker."""
        ...

    def submit(self, function: Callable[..., object], *arguments: object, pure: bool) -> Future:
        """Ask for something; a future among the arguments stands for what it is of."""
        ...

    def close(self, timeout: float) -> None:
        """Let go of the cluster."""
        ...


class ClusterError(RescueError):
    """A cluster that cannot do the work."""


@dataclass(frozen=True)
class Installed:
    """What a machine works with: the same on all, or they might not find the same."""

    product: str
    python: str

    @classmethod
    def here(cls) -> "Installed":
        """Return what this machine works with."""
        return cls(version(PRODUCT), _minor(platform.python_version()))


@dataclass(frozen=True)
class DaskWorkers:
    """
    The workers of a cluster.

    A worker that is lost has its pieces done by others.

    Attributes
    ----------
    sent : list
        What pieces of work need beside the piece: sent to each worker once, and kept there until the end.
    """

    client: Client
    address: str
    sent: list[tuple[tuple[object, ...], Future]] = field(default_factory=list)

    def each(
        self, work: Callable[[Kept, Piece], Found], kept: Kept, pieces: Sequence[Piece]
    ) -> Iterator[Found]:
        """
        Yield what the work finds, in the order of the pieces.

        Who stops reading takes back the rest: Dask forgets what nobody waits for any more.
        """
        with _lost(self.address):
            held, ahead = self._send(kept), AHEAD * max(sum(self.client.nthreads().values()), 1)
        waiting: list[Future] = []
        for piece in pieces:
            with _lost(self.address):
                waiting.append(self._begin(work, held, piece))
            if len(waiting) >= ahead:
                yield cast(Found, self._found(waiting))
        while waiting:
            yield cast(Found, self._found(waiting))

    def _begin(self, work: Callable[[Kept, Piece], Found], held: Future, piece: Piece) -> Future:
        return self.client.submit(do_piece, Installed.here(), work, held, piece, pure=False)

    def _found(self, waiting: list[Future]) -> object:
        with _lost(self.address):
            found = waiting[0].result()
        waiting.pop(0)
        return found

    def _send(self, kept: tuple[object, ...]) -> Future:
        for sent, future in self.sent:
            if len(sent) == len(kept) and all(a is b for a, b in zip(sent, kept, strict=True)):
                return future
        (future,) = self.client.scatter([kept], broadcast=True, hash=False)
        self.sent.append((kept, future))
        return future


@contextmanager
def workers_at(address: str, answers_within_s: float = ANSWERS_WITHIN_S) -> Iterator[DaskWorkers]:
    """
    Connect to the scheduler at an address, and let go of it at the end.

    Raises
    ------
    ClusterError
        When Dask is not installed here, nobody answers there, or a worker has another version.
    """
    if not address.startswith(PROTOCOLS):
        raise InvalidInputError("scheduler", f"{address!r} is not an address like tcp://HOST:8786")
    distributed = _distributed()
    with _hushed():
        client = _client(distributed, address, answers_within_s)
        try:
            _check_workers(client, address, answers_within_s)
            yield DaskWorkers(client, address)
        finally:
            with suppress(OSError):
                client.close(timeout=1)


def do_piece(asker: Installed, work: Callable[[Kept, Piece], Found], kept: Kept, piece: Piece) -> Found:
    """Do one piece on a worker, if it is the one that was asked for: others may have joined meanwhile."""
    _refuse_other(asker, Installed.here(), "a worker")
    return work(kept, piece)


def _distributed() -> ModuleType:
    try:
        return import_module("distributed")
    except ImportError:
        raise ClusterError(
            "--scheduler needs Dask, which is not installed: pip install 'rescuegrid[cluster]'"
        ) from None


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Dask from writing traces of a lost connection beside the sentence that says it."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.core")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _client(distributed: ModuleType, address: str, within_s: float) -> Client:
    try:
        client: Client = distributed.Client(address, timeout=within_s, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}; start one with: dask scheduler"
        ) from error
    return client


def _check_workers(client: Client, address: str, within_s: float) -> None:
    """Refuse a cluster without workers, and one with a worker that has something else installed."""
    try:
        client.wait_for_workers(1, timeout=within_s)
    except TimeoutError:
        raise ClusterError(
            f"the scheduler at {address} has no worker; start one with: dask worker {address}"
        ) from None
    pythons = client.run(platform.python_version)
    for worker, product in client.run(version, PRODUCT, on_error="return").items():
        if isinstance(product, Exception):
            raise ClusterError(f"the worker {worker} has no {PRODUCT}; install it there as it is here")
        theirs = Installed(str(product), _minor(str(pythons[worker])))
        _refuse_other(Installed.here(), theirs, f"the worker {worker}")


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])


def _refuse_other(ours: Installed, theirs: Installed, who: str) -> None:
    if ours != theirs:
        raise ClusterError(
            f"{who} has {PRODUCT} {theirs.product} on Python {theirs.python}, this machine "
            f"{ours.product} on {ours.python}; install the same on both"
        )


@contextmanager
def _lost(address: str) -> Iterator[None]:
    """Say in one sentence that the cluster went away, or that a worker died of what it was to do."""
    try:
        yield
    except (OSError, CancelledError) as error:
        raise ClusterError(
            f"the scheduler at {address} went away, or all workers did; nothing was written, ask again"
        ) from error
    except ImportError as error:
        raise ClusterError(f"a worker cannot do the work: {error}; install {PRODUCT} there") from error
    except _distributed().KilledWorker as error:
        raise ClusterError(
            "workers died again and again of one piece of the work, as they do without enough memory; "
            "nothing was written, ask less or give them more"
        ) from error
