"""Standard output belongs to what a command prints: what native libraries print there goes to stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STDOUT_FD, STDERR_FD = 1, 2


@contextmanager
def own_stdout() -> Iterator[None]:
    """
    Keep standard output to the program itself while the block runs.

    The solver prints a line now and then past Python; amid JSON it would spoil it for whoever reads.
    That those stop reading, as ``head`` does, is no fault.
    """
    theirs = sys.stdout
    theirs.flush()
    kept = os.dup(STDOUT_FD)
    os.dup2(STDERR_FD, STDOUT_FD)
    ours = os.fdopen(os.dup(kept), "w", encoding=theirs.encoding, errors=theirs.errors)
    sys.stdout = ours
    try:
        yield
    finally:
        sys.stdout = theirs
        with suppress(BrokenPipeError):
            ours.close()
        os.dup2(kept, STDOUT_FD)
        os.close(kept)
