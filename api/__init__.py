"""
The service: HTTP, command line and the use cases that tell each story.

Compiled search kernels are kept under ``var``, where they are found again even if the code is read-only.
"""

import os
from pathlib import Path

os.environ.setdefault(
    "NUMBA_CACHE_DIR", str((Path(os.environ.get("RESCUEGRID_VAR", "var")) / "numba").absolute())
)
