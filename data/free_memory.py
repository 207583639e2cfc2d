"""How much memory is free, as the machine, or the container we run in, says."""

import os
from contextlib import suppress
from pathlib import Path

MACHINE = Path("/proc/meminfo")
CONTAINER = Path("/sys/fs/cgroup")
AVAILABLE = "MemAvailable:"
BYTES_A_KB = 1024


def free_bytes() -> int | None:
    """Return the memory that can be taken without taking any from others, None where nothing tells."""
    known = [free for free in (_of_machine(), _of_container()) if free is not None]
    return min(known) if known else None


def _of_machine() -> int | None:
    with suppress(OSError):
        for line in MACHINE.read_text(encoding="ascii").splitlines():
            if line.startswith(AVAILABLE):
                return int(line.split()[1]) * BYTES_A_KB
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _of_container() -> int | None:
    """Return what is left below the limit; a container without one says so in words."""
    with suppress(OSError, ValueError):
        limit = int((CONTAINER / "memory.max").read_text(encoding="ascii"))
        return max(limit - int((CONTAINER / "memory.current").read_text(encoding="ascii")), 0)
    return None
