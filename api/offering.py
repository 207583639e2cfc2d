"""What the units of a picture offer to an incident, and what their sites keep at home."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.commanding import Commanding
from api.picture import Board
from api.settings import Settings
from data.models import Tier
from routing.dispatch import Candidates
from routing.needs import AddsUp
from routing.offers import ChoiceRules, Demand, Offers

NO_SITE = 0
GRADE_THAT_KEEPS_COVER = 1
KEPT_AT_HOME = 1
TIER_ORDER = {tier.value: rank for rank, tier in enumerate(Tier)}
NO_GROUP = -1


@dataclass(frozen=True)
class Residual:
    """
    What the gravest sites keep at home.

    Attributes
    ----------
    group : int64, shape (units,)
        Which site's cover each unit is; -1 where it may go freely.
    limit : int64, shape (sites,)
        How many units of the site may go.
    site : tuple of str, length sites
    """

    group: NDArray[np.int64]
    limit: NDArray[np.int64]
    site: tuple[str, ...]

    def held(self, unit: int) -> str | None:
        """Return the site that a unit may not leave at all, or None."""
        group = int(self.group[unit])
        return self.site[group] if group != NO_GROUP and self.limit[group] < 1 else None


@dataclass(frozen=True)
class Offering:
    """
    Who could go, what is wanted of them, and by which rules it is chosen.

    Attributes
    ----------
    rows : int64, shape (k,)
        The units that could go, as positions in the picture; the offers count in these.
    """

    rows: NDArray[np.int64]
    offers: Offers
    demand: Demand
    rules: ChoiceRules
    snap_limit_m: float


def residual(picture: Board, commanding: Commanding) -> Residual:
    """Keep one of the units that may not leave it at each level-1 site, unless the incident is there."""
    units, sources = picture.units, picture.sources
    at_home = units.in_service & ~picture.busy
    group = np.full(len(units.id), NO_GROUP, dtype=np.int64)
    limits: list[int] = []
    names: list[str] = []
    here = picture.site.id if picture.site else NO_SITE
    grave = sources.grade == GRADE_THAT_KEEPS_COVER
    name = dict(zip(sources.id[grave].tolist(), sources.name[grave].tolist(), strict=True))
    for site in np.unique(units.hazard_source_id).tolist():
        if site in (NO_SITE, here) or site not in name:
            continue
        guards = np.flatnonzero(units.hazard_source_id == site).tolist()
        own = [unit for unit in guards if not commanding.consents_to_bare_site(unit)]
        if not own:
            continue
        group[own] = len(limits)
        limits.append(max(int(at_home[own].sum()) - KEPT_AT_HOME, 0))
        names.append(name[site])
    return Residual(group, np.array(limits, dtype=np.int64), tuple(names))


def offering(
    picture: Board, units: Candidates, listed: NDArray[np.int64], kept: Residual, settings: Settings
) -> Offering:
    """Return what the listed units, the site's own team and those the incident has already could do."""
    rows = np.union1d(listed, _going_anyway(picture, units, settings))
    needs = picture.needs.capabilities
    return Offering(
        rows=rows,
        offers=_offers(picture, units, rows, kept),
        demand=Demand(
            needed=np.array([need.needed for need in needs]),
            deadline_s=np.array([need.deadline_s for need in needs]),
            weight=np.array([need.weight for need in needs]),
        ),
        rules=ChoiceRules(settings.tolerance_s, settings.choice_time_limit_s),
        snap_limit_m=settings.snap_limit_m,
    )


def _going_anyway(picture: Board, units: Candidates, settings: Settings) -> NDArray[np.int64]:
    """Return the site's own team, and those who have the incident already, wherever a road leads there."""
    able = (
        units.in_service
        & np.isfinite(units.travel_s)
        & (units.off_m <= settings.snap_limit_m)
        & (units.ahead_s <= settings.clock_tolerance_s)
        & np.array([why is None for why in units.busy], dtype=np.bool_)
    )
    return np.flatnonzero((of_the_site(picture) | picture.busy_here) & able)


def of_the_site(picture: Board) -> NDArray[np.bool_]:
    """Return which units are the own team of the site the incident is at."""
    if picture.site is None:
        return np.zeros(len(picture.units.id), dtype=np.bool_)
    own: NDArray[np.bool_] = picture.units.hazard_source_id == picture.site.id
    return own


def _offers(picture: Board, units: Candidates, rows: NDArray[np.int64], kept: Residual) -> Offers:
    needs, columns = picture.needs, picture.units
    counted = units.counted(needs.capabilities)[rows]
    share = np.empty_like(counted)
    for j, need in enumerate(needs.capabilities):
        share[:, j] = need.shares(counted[:, j])
    goes_anyway = (of_the_site(picture) | picture.busy_here)[rows]
    return Offers(
        id=units.id[rows],
        arrival_s=units.arrival_s[rows],
        share=share,
        role_crew=columns.role_crew[rows][:, picture.need_columns],
        crew=columns.crew[rows].astype(np.float64),
        divisible=np.array(
            [
                by_person and need.adds_up is AddsUp.ADDITIVE
                for need, by_person in zip(needs.capabilities, needs.by_person, strict=True)
            ],
            dtype=np.bool_,
        ),
        tier=_tier_ranks(columns.tier[rows]),
        always=goes_anyway,
        group=np.where(goes_anyway, NO_GROUP, kept.group[rows]),
        group_limit=kept.limit,
    )


def _tier_ranks(tiers: Sequence[str] | NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the place of each tier in the order of the rescue plans, from 0."""
    return np.array([TIER_ORDER[tier] for tier in tiers], dtype=np.int64)


def only(offers: Offers, rows: NDArray[np.int64]) -> Offers:
    """Return some of the offers."""
    return Offers(
        id=offers.id[rows],
        arrival_s=offers.arrival_s[rows],
        share=offers.share[rows],
        role_crew=offers.role_crew[rows],
        crew=offers.crew[rows],
        divisible=offers.divisible,
        tier=offers.tier[rows],
        always=offers.always[rows],
        group=offers.group[rows],
        group_limit=offers.group_limit,
    )
