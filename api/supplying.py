"""Which depots supply the incident: by their own vehicle, or fetched by a unit that is sent, on its way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.arriving import Arrivals
from api.offering import NO_GROUP
from api.picture import Picture, Starts
from api.sending import Sending
from api.stock import past_date, usable_now
from data.models import DepotTier
from routing.dispatch import Candidates
from routing.doubt import certain, road_timed
from routing.profiles import SUPPLY_TRUCK
from routing.snapping import Snapped
from routing.supply_ways import Carriers, SupplyOffers
from routing.supplying import StockOverTime, Supplies, choose_supplies, stock_over_time

MOST_SPARE = 8
TIER_ORDER = {tier.value: rank for rank, tier in enumerate(reversed(DepotTier))}
CARRYING = ("fire-engine", "heavy-hazmat-truck", "passenger")
"""The vehicles that fetch supplies: an ambulance keeps its room for the hurt."""


@dataclass(frozen=True)
class Fetching:
    """Where a unit fetches supplies on its way, and how much later it is at the incident; None: nowhere."""

    depot: str | None
    later_s: float


@dataclass(frozen=True)
class Supplying:
    """
    What comes from which depot.

    Attributes
    ----------
    depot : int64, shape (rows,)
        The depot of each row of the offers, as a position in the picture.
    depot_name : object, shape (rows,)
        What it is called.
    available_after_s : float64, shape (rows,)
        How long after the order what each row gives is there.
    carrier : int64, shape (carriers,)
        The units that may fetch, as positions in the picture.
    depot_p90_s : float64, shape (depots,)
        Until nine of ten deliveries of each depot would be there.
    """

    depot: NDArray[np.int64]
    depot_name: NDArray[np.object_]
    available_after_s: NDArray[np.float64]
    carrier: NDArray[np.int64]
    supplies: Supplies
    over_time: StockOverTime
    depot_p90_s: NDArray[np.float64]

    @property
    def fetching(self) -> dict[int, Fetching]:
        """Which units fetch, as positions in the picture."""
        return {
            int(self.carrier[load.carrier]): Fetching(self.depot_name[load.row], load.slip_s)
            for load in self.supplies.loads
            if load.carrier is not None
        }


@dataclass(frozen=True)
class Ways:
    """Where units start, where the incident is, and who goes when: what fetching on the way depends on."""

    starts: Starts
    target: Snapped
    arrivals: Arrivals
    units: Candidates
    sending: Sending


@dataclass(frozen=True)
class Fetchers:
    """Units that may fetch, as positions in the picture, and how much later each may be for it."""

    unit: NDArray[np.int64]
    may_slip_s: NDArray[np.float64]


def supply(picture: Picture, depots: Candidates, ways: Ways) -> Supplying:
    """
    Choose what comes from where.

    Who is sent fetches where that makes no need met later. Only where something would be short are units sent
    that are not needed otherwise, to fetch it.
    """
    offers, depot = _offers(picture, depots, ways.sending)
    reaches = depots.off_m[depot] <= ways.sending.snap_limit_m
    needs = picture.needs.supply_requirements
    fetchers = sent_with_time(picture, ways.sending)
    carriers = _carriers(picture, depot, reaches, ways, fetchers)
    supplies = choose_supplies(needs, offers, carriers, ways.sending.rules)
    if any(supplies.missing):
        more = _with_spare(picture, ways.sending, fetchers)
        carriers = _carriers(picture, depot, reaches, ways, more)
        fuller = choose_supplies(needs, offers, carriers, ways.sending.rules)
        if sum(fuller.missing) < sum(supplies.missing):
            fetchers, supplies = more, fuller
    road = road_timed(depots.travel_s, [SUPPLY_TRUCK] * len(depots.id), picture.situation.what_if.preset)
    return Supplying(
        depot=depot,
        depot_name=picture.depots.name[depot],
        available_after_s=offers.available_after_s,
        carrier=fetchers.unit,
        supplies=supplies,
        over_time=stock_over_time(needs, offers),
        depot_p90_s=certain(depots.ready_s).then(road).p90_s,
    )


def _offers(picture: Picture, depots: Candidates, sending: Sending) -> tuple[SupplyOffers, NDArray[np.int64]]:
    """Return a row for each depot and time from which it can give something."""
    stock = picture.stock
    reaches = depots.off_m <= sending.snap_limit_m
    now = usable_now(picture)
    depot, offered, after_s = [np.flatnonzero(now.any(axis=1))], [now[now.any(axis=1)]], []
    after_s.append(np.zeros(len(depot[0])))
    later = ~past_date(picture) & (stock.available_after_s > 0) & (np.nan_to_num(stock.quantity) > 0)
    times, which = np.unique(
        np.column_stack((stock.depot[later].astype(np.float64), stock.available_after_s[later])),
        axis=0,
        return_inverse=True,
    )
    made = np.zeros((len(times), len(picture.needs.supplies)))
    np.add.at(made, (which.reshape(-1), stock.item[later]), stock.quantity[later])
    rows = np.concatenate((*depot, times[:, 0].astype(np.int64)))
    return SupplyOffers(
        depot=picture.depots.id[rows],
        available_after_s=np.concatenate((*after_s, times[:, 1])),
        loading_s=depots.ready_s[rows],
        deliver_s=np.where(picture.depots.delivers & reaches, depots.travel_s, np.inf)[rows],
        offered=np.concatenate((*offered, made)),
        tier=np.array([TIER_ORDER[tier] for tier in picture.depots.tier[rows]], dtype=np.int64),
    ), rows


def sent_with_time(picture: Picture, sending: Sending) -> Fetchers:
    """Return the sent units that have room and time to fetch something."""
    may_slip_s = slack_s(sending)
    fetching = np.flatnonzero(_carries(picture, sending.sent) & (may_slip_s > 0))
    return Fetchers(sending.sent[fetching], may_slip_s[fetching])


def _with_spare(picture: Picture, sending: Sending, fetchers: Fetchers) -> Fetchers:
    """Return the fetchers and the soonest units that nothing else needs and no site keeps."""
    free = np.setdiff1d(np.flatnonzero(sending.offers.group == NO_GROUP), sending.together.sent)
    free = free[_carries(picture, sending.rows[free])]
    free = free[np.lexsort((sending.offers.id[free], sending.offers.arrival_s[free]))][:MOST_SPARE]
    return Fetchers(
        np.concatenate((fetchers.unit, sending.rows[free])),
        np.concatenate((fetchers.may_slip_s, np.full(len(free), np.inf))),
    )


def _carries(picture: Picture, units: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(picture.units.vehicle_profile[units].astype(np.str_), CARRYING)


def _carriers(
    picture: Picture,
    depot: NDArray[np.int64],
    reaches: NDArray[np.bool_],
    ways: Ways,
    fetchers: Fetchers,
) -> Carriers:
    """Return how units would fetch from each row's depot on their way."""
    units, carrier = picture.units, fetchers.unit
    if not len(carrier) or not len(depot):
        return Carriers.nobody(len(depot))
    index = picture.situation.roads.index
    stores = index.snap(picture.depots.lon[depot], picture.depots.lat[depot])
    to_depot_s = np.full((len(carrier), len(depot)), np.inf)
    onward_s = np.full((len(carrier), len(depot)), np.inf)
    profiles = units.vehicle_profile[carrier].astype(np.str_)
    for profile in np.unique(profiles).tolist():
        rows = np.flatnonzero(profiles == profile)
        router = picture.situation.router(profile)
        origins = index.snap(ways.starts.lon[carrier[rows]], ways.starts.lat[carrier[rows]])
        to_depot_s[rows] = ways.arrivals.ready_s[carrier[rows], None] + router.matrix(origins, stores)
        onward_s[rows] = router.times_to(stores, ways.target)[None]
    return Carriers(
        unit=units.id[carrier],
        to_depot_s=np.where(reaches[None], to_depot_s, np.inf),
        onward_s=onward_s,
        direct_s=ways.units.arrival_s[carrier],
        may_slip_s=fetchers.may_slip_s,
    )


def slack_s(sending: Sending) -> NDArray[np.float64]:
    """
    Return how much later each sent unit may be there without making any need it fills met later.

    That is until the need is met by the last of those who fill it. The first due fetches nothing, and neither
    does the site's own team.
    """
    together = sending.together
    fills = together.role > 0
    arrival_s = sending.offers.arrival_s[together.sent]
    last_s = np.where(fills, together.met_at_s[None], np.inf).min(axis=1, initial=np.inf)
    slack = np.where(fills.any(axis=1) & np.isfinite(last_s), last_s - arrival_s, 0.0)
    slack[sending.offers.always[together.sent]] = 0.0
    if sending.first_due is not None:
        slack[sending.first_due] = 0.0
    return np.maximum(slack, 0.0)
