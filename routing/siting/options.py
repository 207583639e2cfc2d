"""Every option of one or two new sites, scored exactly and put in order."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.siting.open_cover import OpenCover
from routing.siting.overlap import pair_gains, single_gains
from routing.siting.question import Numbers, Positions, Purse, Question
from routing.siting.worst import Latest

Small = NDArray[np.int32]

PAIR = 2
SAME_SHARE = 1e-10
"""Of all weight: coverages nearer than this are one where weights are not whole numbers."""
CENT = 1e-12
BYTES_AN_OPTION = 56
"""Two positions, coverage, worst arrival, cost, and their order."""


@dataclass(frozen=True)
class Option:
    """
    New sites and what they give.

    Attributes
    ----------
    rank : int
        1 for the best.
    sites : tuple of int
        Columns of the new sites, ascending.
    covered : float
        Weight within the standard.
    worst_s : float
        Latest arrival at any row that some site reaches; ``inf`` where this option leaves one unreached.
    cost : float
        What the new sites cost; 0 where no costs were given.
    """

    rank: int
    sites: tuple[int, ...]
    covered: float
    worst_s: float
    cost: float


@dataclass(frozen=True, eq=False)
class Options:
    """
    Options in their order, best first.

    Attributes
    ----------
    one, other : int32, shape (options,)
        Columns of the new sites, ``one`` the lower; the same site twice where an option is one site.
    covered : float64, shape (options,)
        Weight within the standard.
    worst_s : float64, shape (options,)
        Latest arrival at any row that some site reaches.
    cost : float64, shape (options,)
        What the new sites cost; 0 where no costs were given.
    """

    one: Small
    other: Small
    covered: Numbers
    worst_s: Numbers
    cost: Numbers

    def __len__(self) -> int:
        """Count them."""
        return len(self.one)

    def option(self, at: int) -> Option:
        """Return the option at a position, counted from 0."""
        return Option(
            rank=at + 1,
            sites=tuple(sorted({int(self.one[at]), int(self.other[at])})),
            covered=float(self.covered[at]),
            worst_s=float(self.worst_s[at]),
            cost=float(self.cost[at]),
        )

    def front(self) -> Positions:
        """Return the options that none beats in both coverage and worst arrival, most coverage first."""
        sooner = np.minimum.accumulate(self.worst_s)
        leads = np.concatenate([np.ones(min(len(self), 1), dtype=np.bool_), sooner[1:] < sooner[:-1]])
        return np.flatnonzero(leads)

    def holding(self, site: int) -> Positions:
        """Return the options that hold a site, best first."""
        return np.flatnonzero((self.one == site) | (self.other == site))


def score_options(question: Question, cover: OpenCover, latest: Latest, purse: Purse | None) -> Options:
    """
    Score every option and sort by most coverage, soonest worst arrival, least cost, lowest positions.

    Options have ``new`` sites; where costs are given, also one where two may be built. Those beyond the
    budget are left out.
    """
    one, other, gained, worst = _pairs(cover, latest) if question.new == PAIR else _singles(cover, latest)
    price = np.zeros(cover.candidates) if purse is None else purse.cost[question.candidates]
    cost = price[one] + np.where(one == other, 0.0, price[other])
    budget = math.inf if purse is None else purse.budget
    allowed = cost <= budget * (1 + CENT)
    if question.new == PAIR and purse is None:
        allowed &= one != other
    kept = np.flatnonzero(allowed) if question.new else np.zeros(0, dtype=np.int64)
    same = cover.weight.sum() * SAME_SHARE
    ties = gained if cover.whole or not same else np.round(gained / same)
    order = kept[np.lexsort((cost[kept], worst[kept], -ties[kept]))]
    sites = question.candidates.astype(np.int32)
    return Options(
        one=sites[one[order]],
        other=sites[other[order]],
        covered=cover.settled + gained[order],
        worst_s=worst[order],
        cost=cost[order],
    )


def ranking_bytes(demand: int, sites: int, new: int) -> int:
    """Return about how much memory scoring takes beyond the matrix of times, at most."""
    options = sites * (sites + 1) // 2 if new == PAIR else sites
    reach, copied_times = demand * sites * 3, 2 * demand * sites * 8
    return reach + copied_times + options * BYTES_AN_OPTION


def _singles(cover: OpenCover, latest: Latest) -> tuple[Small, Small, Numbers, Numbers]:
    each = np.arange(cover.candidates, dtype=np.int32)
    return each, each, single_gains(cover), latest.alone()


def _pairs(cover: OpenCover, latest: Latest) -> tuple[Small, Small, Numbers, Numbers]:
    """Return all pairs in the order of their positions, a site with itself among them."""
    sites = cover.candidates
    count = sites * (sites + 1) // 2
    one, other = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    gained, worst = np.empty(count), np.empty(count)
    at = 0
    for first, gains in pair_gains(cover):
        for i, row in enumerate(gains):
            until = at + sites - first - i
            one[at:until] = first + i
            other[at:until] = np.arange(first + i, sites)
            gained[at:until] = row[i:]
            worst[at:until] = latest.beside(first + i)
            at = until
    return one, other, gained, worst
