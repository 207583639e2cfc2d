"""How much memory a siting question takes, said before it is taken."""

from api.long_work import Say, say_memory
from api.siting.times import bytes_needed
from routing.siting import ranking_bytes


def say_siting_memory(size: tuple[int, int, int], new: int, say: Say) -> None:
    """
    Say how much memory so many rows, points and sites take, and refuse more than is free.

    Raises
    ------
    TooLargeError
    """
    rows, points, sites = size
    needed = bytes_needed(rows, points, sites) + ranking_bytes(rows, sites, min(new, 2))
    say_memory(f"{rows:,} rows and {sites:,} sites", needed, say, "name fewer candidates or scenarios")
