"""What every search engine answers, so that one can judge another: the same times, to the millisecond."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.ends import Ends


@dataclass(frozen=True)
class Way:
    """
    A fastest way through the graph.

    Attributes
    ----------
    ms : float
        Its time.
    leaving, arriving : int
        Which of the origin's ways onto the graph it takes, and which of the target's off it: positions among
        all ways of the ``Ends`` asked about.
    arcs : int64, shape (arcs,)
        The arcs driven, in order; none where both ways meet at one node.
    """

    ms: float
    leaving: int
    arcs: NDArray[np.int64]
    arriving: int


class Engine(Protocol):
    """
    Searches one graph under one set of weights. It does not change, and threads may share it.

    Times are whole milliseconds as float64; ``inf`` where no road leads.
    """

    def times_to(self, origins: Ends, target: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to the one target, shape (origins,)."""
        ...

    def times_from(self, origin: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every target, shape (targets,)."""
        ...

    def matrix(self, origins: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to every target, shape (origins, targets)."""
        ...

    def all_from(self, origin: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every graph node."""
        ...

    def all_to(self, target: Ends) -> NDArray[np.float64]:
        """Return the times from every graph node to the one target."""
        ...

    def ways_to(self, origins: Ends, target: Ends) -> list[Way | None]:
        """Return a fastest way from each origin to the one target, None where there is none."""
        ...

    def reweighted(self, weight_ms: NDArray[np.int32]) -> "Engine":
        """Return an engine on the same graph under other weights; this one stays as it is."""
        ...
