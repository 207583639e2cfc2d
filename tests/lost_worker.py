"""Work that kills the worker who does it, once."""

import os
from pathlib import Path


def leave_once(kept: tuple[Path], piece: int) -> int:
    """Square a number, but die the first time it is 2."""
    (left,) = kept
    if piece == 2 and not left.exists():
        left.touch()
        os._exit(1)
    return piece * piece
