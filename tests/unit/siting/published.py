"""Published graphs and the best that is known of them, from the shared data beside the repository."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import floyd_warshall

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "siting"
MEDIAN_OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)

needs_them = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published graphs (../shared/data/siting) are not beside the repository"
)


@dataclass(frozen=True, eq=False)
class Published:
    """A graph as the distances between all its nodes, and how many sites are asked for."""

    distance: NDArray[np.float64]
    sites: int


def published(number: int) -> Published:
    """Return one of Beasley's graphs, pmed1 to pmed10; a repeated edge overrides the earlier one."""
    lines = (FOLDER / f"pmed{number}.txt").read_text().split("\n")
    nodes, _, sites = (int(part) for part in lines[0].split())
    edges = np.full((nodes, nodes), np.inf)
    for line in lines[1:]:
        if line.strip():
            one, other, length = (int(part) for part in line.split())
            edges[one - 1, other - 1] = edges[other - 1, one - 1] = length
    return Published(np.asarray(floyd_warshall(edges), dtype=np.float64), sites)


def centre_optima() -> list[int]:
    """Return the published least worst distances, in the order of the graphs."""
    lines = (FOLDER / "pcenter_opt_1-10.txt").read_text().split("\n")
    return [int(line.split()[1]) for line in lines if line.strip()]
