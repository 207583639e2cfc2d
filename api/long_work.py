"""Long work: who does it, the memory it takes, said before it is taken, and how it is told of meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

from data.free_memory import free_bytes
from geo.errors import RescueError
from routing.chunks import HERE, Progress, Workers, untold

BYTES_A_MB = 1e6
Say = Callable[[str], None]


class TooLargeError(RescueError):
    """A question that takes more memory than is free."""


@dataclass(frozen=True)
class Told:
    """How long work is done and told of: a word at a time, its pieces as they are found, and by whom."""

    say: Say
    progress: Progress = untold
    workers: Workers = HERE


def say_memory(what: str, needed_bytes: int, say: Say, mend: str) -> None:
    """
    Say how much memory something takes, and refuse more than is free.

    Parameters
    ----------
    what : str
        What takes it, e.g. "58 posts, 614 spots".
    mend : str
        What to ask for instead where it is too much.

    Raises
    ------
    TooLargeError
    """
    free = free_bytes()
    needed_mb = needed_bytes / BYTES_A_MB
    if free is not None and needed_bytes > free:
        raise TooLargeError(
            f"{what} take about {needed_mb:,.0f} MB and {free / BYTES_A_MB:,.0f} MB are free; {mend}"
        )
    say(f"{what}: about {needed_mb:,.1f} MB of memory")
