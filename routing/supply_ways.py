"""How supplies can come: by the depot's own vehicle, or picked up by a chosen unit on its way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OWN_VEHICLE = -1


@dataclass(frozen=True)
class SupplyOffers:
    """
    What depots can give, a row for each depot and time from which it is there.

    Attributes
    ----------
    depot : int64, shape (m,)
        Ids, which break ties; a depot with production reserves has several rows.
    available_after_s : float64, shape (m,)
        From the order: 0 for what is in store, later for what is still to be made. Loading begins then.
    loading_s : float64, shape (m,)
    deliver_s : float64, shape (m,)
        Road time of the depot's own vehicle; ``inf`` where it has none or no road leads.
    offered : float64, shape (m, items)
    tier : int64, shape (m,)
        Whose it is: lower tiers are asked first where nothing else decides.
    """

    depot: NDArray[np.int64]
    available_after_s: NDArray[np.float64]
    loading_s: NDArray[np.float64]
    deliver_s: NDArray[np.float64]
    offered: NDArray[np.float64]
    tier: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.depot)

    @property
    def delivered_s(self) -> NDArray[np.float64]:
        """When the own vehicle would bring each row, counted from the order; ``inf`` for never."""
        return self.available_after_s + self.loading_s + self.deliver_s


@dataclass(frozen=True)
class Carriers:
    """
    Chosen units that may pick supplies up: each at one depot, once.

    Attributes
    ----------
    unit : int64, shape (c,)
        Ids, which break ties.
    to_depot_s : float64, shape (c, m)
        From the order, turnout included, until each is at the depot of each row.
    onward_s : float64, shape (c, m)
        Road time from there to the incident.
    direct_s : float64, shape (c,)
        When it would be at the incident without the detour; one that never would carries nothing.
    may_slip_s : float64, shape (c,)
        How much later than that it may be there.
    """

    unit: NDArray[np.int64]
    to_depot_s: NDArray[np.float64]
    onward_s: NDArray[np.float64]
    direct_s: NDArray[np.float64]
    may_slip_s: NDArray[np.float64]

    @classmethod
    def nobody(cls, rows: int) -> "Carriers":
        """Return no carriers, for so many rows: everything is delivered."""
        none, nowhere = np.zeros(0), np.zeros((0, rows))
        return cls(np.zeros(0, dtype=np.int64), nowhere, nowhere, none, none)


@dataclass(frozen=True)
class Ways:
    """
    Every way a row may come, sorted by row, then soonest first; of equals the own vehicle before a carrier.

    Attributes
    ----------
    row, carrier : int64, shape (ways,)
        Positions; ``OWN_VEHICLE`` where nobody else carries.
    trip : int64, shape (ways,)
        The row whose availability the loading waits for: a carrier makes one trip, and takes from its depot
        whatever is there when it loads.
    arrival_s, slip_s : float64, shape (ways,)
        When it is at the incident, and how much later that makes the carrier.
    """

    row: NDArray[np.int64]
    carrier: NDArray[np.int64]
    trip: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    slip_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.row)

    def soonest(self, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the soonest allowed way of each row that has one, by row."""
        ways = np.flatnonzero(allowed)
        _, first = np.unique(self.row[ways], return_index=True)
        return ways[first]


def ways_of(offers: SupplyOffers, carriers: Carriers) -> Ways:
    """
    Return every way that is worth looking at: each own delivery, and each pick-up that is sooner.

    A pick-up that would make its carrier later than it may be is none.
    """
    own = np.flatnonzero(np.isfinite(offers.delivered_s))
    by_carrier = _pick_ups(offers, carriers)
    ways = Ways(
        np.concatenate((own, by_carrier.row)),
        np.concatenate((np.full(len(own), OWN_VEHICLE), by_carrier.carrier)),
        np.concatenate((own, by_carrier.trip)),
        np.concatenate((offers.delivered_s[own], by_carrier.arrival_s)),
        np.concatenate((np.zeros(len(own)), by_carrier.slip_s)),
    )
    unit = np.append(carriers.unit, OWN_VEHICLE)[ways.carrier]
    return _some(ways, np.lexsort((unit, ways.slip_s, ways.carrier != OWN_VEHICLE, ways.arrival_s, ways.row)))


def _pick_ups(offers: SupplyOffers, carriers: Carriers) -> Ways:
    there_s = np.maximum(carriers.to_depot_s, offers.available_after_s)
    arrival_s = there_s + offers.loading_s + carriers.onward_s
    late_s = np.full(arrival_s.shape, np.inf)
    np.subtract(arrival_s, carriers.direct_s[:, None], out=late_s, where=np.isfinite(arrival_s))
    in_time = np.isfinite(carriers.direct_s)[:, None] & (late_s <= carriers.may_slip_s[:, None])
    row, trip = _rows_on_trips(offers)
    carrier, pair = np.nonzero(in_time[:, trip] & (arrival_s[:, trip] < offers.delivered_s[row]))
    row, trip = row[pair], trip[pair]
    return Ways(row, carrier, trip, arrival_s[carrier, trip], np.maximum(late_s[carrier, trip], 0.0))


def _rows_on_trips(offers: SupplyOffers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which rows a trip can take: those of its depot that are there no later than it loads."""
    waits_s, depot = offers.available_after_s, offers.depot
    _, trips = np.unique(np.column_stack((depot.astype(np.float64), waits_s)), axis=0, return_index=True)
    row, which = np.nonzero((depot[:, None] == depot[trips]) & (waits_s[:, None] <= waits_s[trips]))
    return row, trips[which]


def _some(ways: Ways, chosen: NDArray[np.int64]) -> Ways:
    return Ways(
        ways.row[chosen],
        ways.carrier[chosen],
        ways.trip[chosen],
        ways.arrival_s[chosen],
        ways.slip_s[chosen],
    )
