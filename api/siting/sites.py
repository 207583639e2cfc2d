"""The sites of a siting question: bases that stand, stations that could be upgraded, and new places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data.candidates import UnitColumns
from data.columns import EPOCH
from data.siting_files import CandidateRows
from geo.errors import InvalidInputError


class Kind(StrEnum):
    """What building at a site means."""

    EXISTING = "existing"
    UPGRADE = "upgrade"
    NEW = "new"


@dataclass(frozen=True)
class Equipment:
    """What a base must hold to count, and how a new one would drive."""

    capability: str
    level: float
    profile: str
    turnout_s: float


@dataclass(frozen=True, eq=False)
class Sites:
    """
    Sites as the columns of a matrix, first those that stand.

    Attributes
    ----------
    name : object, shape (sites,)
    kind : object, shape (sites,)
    lon, lat : float64, shape (sites,)
    cost : float64, shape (sites,)
        Zero for what stands; nan where nobody said.
    """

    name: NDArray[np.object_]
    kind: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    cost: NDArray[np.float64]

    @property
    def existing(self) -> NDArray[np.int64]:
        """Columns of what stands."""
        return np.flatnonzero(self.kind == Kind.EXISTING)

    def kept(self, columns: NDArray[np.int64]) -> "Sites":
        """Return some of them."""
        return Sites(
            self.name[columns], self.kind[columns], self.lon[columns], self.lat[columns], self.cost[columns]
        )

    def column(self, name: str) -> int:
        """Return the column of a candidate by its name, else of a base that stands."""
        found = np.flatnonzero(self.name == name)
        if not len(found):
            known = ", ".join(str(one) for one in self.name[self.kind != Kind.EXISTING][:5])
            raise InvalidInputError(
                "why-not", f"{name!r} is no site of this question; candidates are {known} …"
            )
        return int(found[-1])


@dataclass(frozen=True, eq=False)
class Starts:
    """
    Who drives from which site, one entry each: a unit that stands there, or the one that would.

    Attributes
    ----------
    site : int64
        Column of the site.
    profile : object
    ready_s : float64
        From the order until the wheels roll.
    guards : int64
        The hazard source it is kept for, 0 where it goes anywhere.
    """

    site: NDArray[np.int64]
    profile: NDArray[np.object_]
    ready_s: NDArray[np.float64]
    guards: NDArray[np.int64]

    def kept(self, columns: NDArray[np.int64]) -> "Starts":
        """Return those at some sites, which are counted anew."""
        at = np.isin(self.site, columns)
        return Starts(
            np.searchsorted(columns, self.site[at]), self.profile[at], self.ready_s[at], self.guards[at]
        )


def able(units: UnitColumns, column: int, level: float, today: date) -> NDArray[np.bool_]:
    """Return which units are in service and hold a capability at a level, certified today."""
    valid_until = units.valid_until_day[:, column]
    certified = np.isnan(valid_until) | (valid_until >= (today - EPOCH).days)
    held = (units.offered[:, column] > 0) & (units.level[:, column] >= level)
    return units.in_service & certified & held


def sites_of(
    units: UnitColumns,
    counts: NDArray[np.bool_],
    equipment: Equipment,
    upgrades: Mapping[str, float],
    new: CandidateRows,
) -> tuple[Sites, Starts]:
    """Return all sites with who starts from them; ``counts`` says which units hold what is asked."""
    bases, first = np.unique(units.base.astype(np.str_), return_index=True)
    standing = np.unique(units.base[counts].astype(np.str_))
    _refuse_upgrades(upgrades, bases, standing)
    upgraded = np.array([name for name in bases if name in upgrades], dtype=np.str_)
    at = first[np.searchsorted(bases, np.concatenate((standing, upgraded)))]
    sizes = (len(standing), len(upgraded), len(new))
    unknown = np.full(len(new), np.nan) if new.cost is None else new.cost
    sites = Sites(
        name=np.concatenate((standing, upgraded, new.name)).astype(np.object_),
        kind=np.repeat(np.array([Kind.EXISTING, Kind.UPGRADE, Kind.NEW], dtype=np.object_), sizes),
        lon=np.concatenate((units.base_lon[at], new.lon)),
        lat=np.concatenate((units.base_lat[at], new.lat)),
        cost=np.concatenate((np.zeros(sizes[0]), [upgrades[str(name)] for name in upgraded], unknown)),
    )
    holder = np.flatnonzero(counts)
    candidates = np.arange(sizes[0], len(sites.name))
    starts = Starts(
        site=np.concatenate((np.searchsorted(standing, units.base[holder].astype(np.str_)), candidates)),
        profile=np.concatenate(
            (units.vehicle_profile[holder], np.full(len(candidates), equipment.profile, dtype=np.object_))
        ),
        ready_s=np.concatenate((units.turnout_s[holder], np.full(len(candidates), equipment.turnout_s))),
        guards=np.concatenate((units.hazard_source_id[holder], np.zeros(len(candidates), dtype=np.int64))),
    )
    return sites, starts


def upgradable(units: UnitColumns, counts: NDArray[np.bool_], cost: float) -> dict[str, float]:
    """Return every station that does not hold what is asked, at one cost each."""
    without = set(units.base.tolist()) - set(units.base[counts].tolist())
    return dict.fromkeys(sorted(without), cost)


def _refuse_upgrades(
    upgrades: Mapping[str, float], bases: NDArray[np.str_], standing: NDArray[np.str_]
) -> None:
    for name in upgrades:
        if name in standing:
            raise InvalidInputError("upgrade", f"{name!r} holds already what is asked; leave it out")
        if name not in bases:
            raise InvalidInputError("upgrade", f"no station in the registry is called {name!r}")
