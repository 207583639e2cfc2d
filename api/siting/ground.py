"""The ground every plan is measured on: arrivals, deadlines and weights, and what a choice of sites gives."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.siting.answer import GradeSaid, LatestSaid, PlanSaid
from api.siting.demand import Demand
from api.siting.sites import Sites
from routing.siting.question import soonest

WHOLE_PERCENT = 100.0
NEARLY = 1e-9


@dataclass(frozen=True, eq=False)
class Ground:
    """
    What is asked, as arrays.

    Attributes
    ----------
    demand : Demand
    sites : Sites
    breaks : tuple of tuple of str, one a site
        Advising rules that building there would break.
    scenarios : tuple of str
    seconds : float64, shape (scenarios * rows, sites)
        Arrival.
    behind_s : float64, shape (scenarios * rows,)
        Added to an arrival, so that one limit serves all rows whatever their deadlines are.
    limit_s : float
        An arrival is in time when it and ``behind_s`` together are no more.
    percentile : float
        How many of a hundred sources the standard wants in time.
    """

    demand: Demand
    sites: Sites
    breaks: tuple[tuple[str, ...], ...]
    scenarios: tuple[str, ...]
    seconds: NDArray[np.float64]
    behind_s: NDArray[np.float64]
    limit_s: float
    percentile: float

    @property
    def counted_s(self) -> NDArray[np.float64]:
        """Arrivals as the models count them, shape (scenarios * rows, sites)."""
        return self.seconds + self.behind_s[:, None]

    @property
    def weight(self) -> NDArray[np.float64]:
        """What each row counts, shape (scenarios * rows,)."""
        return np.tile(self.demand.weight(len(self.scenarios)), len(self.scenarios))

    @property
    def cost(self) -> NDArray[np.float64] | None:
        """What each site costs; None where no cost was given."""
        return None if np.isnan(self.sites.cost).any() else self.sites.cost

    @property
    def reachable(self) -> NDArray[np.bool_]:
        """Which rows some site reaches at all, shape (scenarios * rows,)."""
        return np.asarray(np.isfinite(self.seconds).any(axis=1), dtype=np.bool_)

    def arrival_s(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """Return first arrivals from some sites, shape (scenarios * rows,)."""
        return soonest(self.seconds, columns)

    def shares(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """Return the share of each source reached in time in each scenario, shape (scenarios, sources)."""
        in_time = self._in_time(columns).reshape(len(self.scenarios), -1)
        return np.array([self.demand.reached_by_source(each) for each in in_time])

    def reached(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """Return the share of each source reached in time in every scenario, shape (sources,)."""
        return np.asarray(self.shares(columns).min(axis=0), dtype=np.float64)

    def source_arrival_s(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """Return the latest arrival at any row of each source in any scenario, shape (sources,)."""
        latest = np.zeros(len(self.demand.sources.id))
        owner = np.tile(self.demand.source, len(self.scenarios))
        np.maximum.at(latest, owner, self.arrival_s(columns))
        return latest

    def plan(self, built: Sequence[int], rank: int | None = None) -> PlanSaid:
        """Measure what building at some candidates gives beside what stands."""
        columns = [*self.sites.existing.tolist(), *built]
        shares = self.shares(columns)
        always = shares.min(axis=0)
        cost = self.cost
        return PlanSaid(
            rank=rank,
            sites=tuple(str(self.sites.name[site]) for site in built),
            cost=None if cost is None else float(cost[list(built)].sum()),
            covered=float(self.weight[self._in_time(columns)].sum()),
            grades=self._grades(shares.mean(axis=0), always),
            latest=self._latest(columns),
            keeps_standard=bool(always.mean() >= self.percentile / WHOLE_PERCENT - NEARLY),
            breaks=tuple(dict.fromkeys(rule for site in built for rule in self.breaks[site])),
        )

    def kept(self, columns: NDArray[np.int64]) -> "Ground":
        """Return the same ground with some of the sites only."""
        return replace(
            self,
            sites=self.sites.kept(columns),
            breaks=tuple(self.breaks[site] for site in columns.tolist()),
            seconds=self.seconds[:, columns],
        )

    def source_names(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Return the sources of some rows by name, each once, the gravest first."""
        found = np.unique(self.demand.source[np.asarray(rows, dtype=np.int64) % len(self.demand.source)])
        order = found[np.argsort(self.demand.sources.grade[found], kind="stable")]
        return tuple(str(self.demand.sources.name[source]) for source in order)

    def _in_time(self, columns: Sequence[int]) -> NDArray[np.bool_]:
        in_time: NDArray[np.bool_] = self.arrival_s(columns) + self.behind_s <= self.limit_s
        return in_time

    def _grades(self, reached: NDArray[np.float64], always: NDArray[np.float64]) -> tuple[GradeSaid, ...]:
        grade = self.demand.sources.grade
        return tuple(
            GradeSaid(
                level,
                int((grade == level).sum()),
                round(float(reached[grade == level].sum()), 3),
                round(float(always[grade == level].sum()), 3),
            )
            for level in sorted(set(grade.tolist()))
        )

    def _latest(self, columns: Sequence[int]) -> LatestSaid | None:
        rows = np.flatnonzero(self.reachable)
        if not len(rows):
            return None
        arrival = self.arrival_s(columns)
        row = int(rows[np.argmax((arrival + self.behind_s)[rows])])
        scenario, part = divmod(row, len(self.demand.source))
        source = self.demand.source[part]
        return LatestSaid(
            source=str(self.demand.sources.name[source]),
            grade=int(self.demand.sources.grade[source]),
            arrival_s=finite(arrival[row]),
            past_deadline_s=finite(arrival[row] + self.behind_s[row] - self.limit_s),
            scenario=self.scenarios[scenario],
        )


def finite(value: float) -> float | None:
    """Return a number, or None where it is not finite."""
    return float(value) if math.isfinite(value) else None
