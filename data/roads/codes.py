"""
The numbers that say who may enter a road and what stands in its way.

They are those of ``Access`` and ``Barrier`` in ``routing.network``, which say what each means; a test keeps
the two pairs equal.
"""

from enum import IntEnum


class RoadAccess(IntEnum):
    """Who may enter a road."""

    EVERYBODY = 0
    DESTINATION = 1
    PRIVATE = 2
    EMERGENCY = 3


class RoadBarrier(IntEnum):
    """What stands in the way on a road."""

    NONE = 0
    GATE = 1
    BLOCK = 2
