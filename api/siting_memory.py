"""How much memory a siting question takes, said before it is taken."""

import os
from collections.abc import Callable

from api.siting_times import bytes_needed
from geo.errors import RescueError
from routing.siting import ranking_bytes

MB = 1e6
Say = Callable[[str], None]


class TooLargeError(RescueError):
    """A question that takes more memory than is free."""


def say_memory(size: tuple[int, int, int], new: int, say: Say) -> None:
    """
    Say how much memory so many rows, points and sites take, and refuse more than is free.

    Raises
    ------
    TooLargeError
    """
    rows, points, sites = size
    needed = bytes_needed(rows, points, sites) + ranking_bytes(rows, sites, min(new, 2))
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > free:
        raise TooLargeError(
            f"{rows:,} rows and {sites:,} sites take about {needed / MB:,.0f} MB and {free / MB:,.0f} MB "
            "are free; name fewer candidates or scenarios"
        )
    say(f"{rows:,} rows to reach, {sites:,} sites: about {needed / MB:,.0f} MB of memory")
