"""Say who could come, who is passed over and why, and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from api.answer import DepotSaid, PassedOverSaid, StepSaid, UnitSaid, WouldSaid
from api.answer_base import LineString, Words
from api.arriving import rank_survives
from api.commanding import Commanding
from api.found import Chosen, Found
from api.needs import label
from api.offering import NO_GROUP
from api.picture import Picture
from api.rounding import lon_lat, metres, positions, seconds, seconds_if_ever
from api.saying_choice import label_zh, say_command
from api.sending import Sending
from routing.counterfactual import Counterfactual
from routing.dispatch import Candidates, Choice, PassedOver
from routing.fleet import FleetTravel
from routing.network import RoadNetwork
from routing.steps import steps_of
from routing.stretches import Route

Kind = Literal["unit", "depot"]
KEPT_BY_ITS_SITE = "its site keeps it", "须留守本单位"
CREW_TOO_SMALL = "its crew is too small for the role", "乘员不足以承担该任务"


def say_units(picture: Picture, found: Found, chosen: Chosen) -> list[UnitSaid]:
    """Say every unit that could come, soonest first."""
    units, starts, arrivals = picture.units, found.starts, found.arrivals
    labels = [label(need) for need in picture.needs.capabilities]
    listed = chosen.unit_choice.listed
    survives = dict(zip(listed.tolist(), rank_survives(listed, arrivals).tolist(), strict=True))
    commanding, sent = Commanding(picture), {*chosen.sending.sent.tolist(), *chosen.supplying.fetching}
    return [
        UnitSaid(
            **_comer(picture.situation.roads.network, chosen.units, i, route, labels),
            arrival_p90_s=seconds(arrivals.arrival_p90_s[i]),
            name=units.name[i],
            team=units.team[i],
            tier=units.tier[i],
            call_sign=units.call_sign[i],
            phone=units.phone[i],
            turnout_s=seconds(arrivals.ready_s[i]),
            vehicle_profile=units.vehicle_profile[i],
            position="fix" if starts.from_fix[i] else "base",
            position_age_s=seconds(starts.age_s[i]) if starts.from_fix[i] else None,
            position_stale=bool(arrivals.stale[i]),
            best_s=seconds(arrivals.best_s[i]) if arrivals.stale[i] else None,
            worst_s=seconds_if_ever(arrivals.worst_s[i]) if arrivals.stale[i] else None,
            rank_survives=survives[i],
            place=lon_lat(starts.lon[i], starts.lat[i]),
            synthetic=bool(units.synthetic[i]),
            sent=i in sent,
            command=say_command(commanding.request(i)),
            why_not_sent=None if i in sent else _why_not_sent(picture, chosen, i),
        )
        for i, route in _with_routes(found.units.travel, chosen.unit_choice)
    ]


def say_depots(picture: Picture, found: Found, chosen: Chosen) -> list[DepotSaid]:
    """Say every depot that could supply, soonest first."""
    depots = picture.depots
    names = [supply.item for supply in picture.needs.supplies]
    return [
        DepotSaid(
            **_comer(picture.situation.roads.network, chosen.depots, i, route, names),
            arrival_p90_s=seconds(chosen.supplying.depot_p90_s[i]),
            name=depots.name[i],
            tier=depots.tier[i],
            loading_s=float(depots.loading_s[i]),
            delivers=bool(depots.delivers[i]),
            place=lon_lat(depots.lon[i], depots.lat[i]),
            synthetic=bool(depots.synthetic[i]),
        )
        for i, route in _with_routes(found.depots.travel, chosen.depot_choice)
    ]


@dataclass(frozen=True)
class _Told:
    """Candidates of a kind that are not listed, as they are told of."""

    kind: Kind
    name: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    candidates: Candidates

    def say(self, passed: PassedOver, would: Counterfactual | None) -> PassedOverSaid:
        i = passed.position
        return PassedOverSaid(
            kind=self.kind,
            id=int(self.candidates.id[i]),
            name=self.name[i],
            straight_m=metres(self.candidates.straight_m[i]),
            place=lon_lat(self.lon[i], self.lat[i]),
            reasons=[failure.en for failure in passed.reasons],
            reasons_zh=[failure.zh for failure in passed.reasons],
            would=None if would is None else _would(would),
        )


def say_passed_over(picture: Picture, found: Found, chosen: Chosen) -> list[PassedOverSaid]:
    """Say everybody nearer than the farthest listed who is not, units first."""
    return _unlisted(picture, found, chosen, chosen.unit_choice.passed_over, chosen.depot_choice.passed_over)


def say_farther(picture: Picture, found: Found, chosen: Chosen) -> list[PassedOverSaid]:
    """Say everybody else who is not listed, units first."""
    return _unlisted(picture, found, chosen, chosen.unit_choice.farther, chosen.depot_choice.farther)


def _unlisted(
    picture: Picture,
    found: Found,
    chosen: Chosen,
    units: Sequence[PassedOver],
    depots: Sequence[PassedOver],
) -> list[PassedOverSaid]:
    unit = _Told("unit", picture.units.name, found.starts.lon, found.starts.lat, chosen.units)
    depot = _Told("depot", picture.depots.name, picture.depots.lon, picture.depots.lat, chosen.depots)
    return [unit.say(passed, chosen.unit_would.get(passed.position)) for passed in units] + [
        depot.say(passed, chosen.depot_would.get(passed.position)) for passed in depots
    ]


def _would(would: Counterfactual) -> WouldSaid:
    return WouldSaid(
        changes=[change.en for change in would.changes],
        changes_zh=[change.zh for change in would.changes],
        rank=would.rank,
        words=Words(en=would.en, zh=would.zh),
    )


def _why_not_sent(picture: Picture, chosen: Chosen, unit: int) -> Words:
    """Say why a unit that could go stays, and which of its certificates do not count."""
    why = _not_needed(picture, chosen.sending, int(np.searchsorted(chosen.sending.rows, unit)))
    lapsed = chosen.units.expired[unit]
    return Words(
        en="; ".join((why.en, *(failure.en for failure in lapsed))),
        zh="；".join((why.zh, *(failure.zh for failure in lapsed))),
    )


def _not_needed(picture: Picture, sending: Sending, row: int) -> Words:
    together = sending.together
    could = np.flatnonzero(sending.offers.share[row] > 0)
    needs = [picture.needs.capabilities[j] for j in could]
    names, names_zh = ", ".join(map(label, needs)), "、".join(map(label_zh, needs))
    swap = next((swap for swap in together.swaps if swap.instead == row), None)
    if swap is not None:
        return _near_equal(picture.units.name[sending.rows[swap.sent]], round(swap.later_s))
    if any(together.missing[j] > 0 for j in could):
        keeps = sending.offers.group[row] != NO_GROUP
        en, zh = KEPT_BY_ITS_SITE if keeps else CREW_TOO_SMALL
        return Words(en=f"short of {names}, but {en}", zh=f"{names_zh}仍有缺口，但其{zh}")
    return Words(en=f"{names}: met without it", zh=f"{names_zh}：无须其出动即可满足")


def _near_equal(instead: str, later_s: int) -> Words:
    en, zh = ("sooner", "早") if later_s < 0 else ("later", "晚")
    return Words(
        en=f"near-equal: could go in place of {instead}, {abs(later_s)} s {en}",
        zh=f"相近方案：可替代{instead}，{zh}{abs(later_s)}秒",
    )


def _with_routes(travel: FleetTravel, choice: Choice) -> list[tuple[int, Route]]:
    """Pair everybody listed with the route; whoever is listed has one."""
    routes = travel.routes(choice.listed)
    return [(int(i), route) for i, route in zip(choice.listed, routes, strict=True) if route is not None]


def _comer(
    network: RoadNetwork, candidates: Candidates, i: int, route: Route, names: Sequence[str]
) -> dict[str, Any]:
    brought = candidates.offered[i]
    return {
        "id": int(candidates.id[i]),
        "arrival_s": seconds(candidates.arrival_s[i]),
        "travel_s": seconds(candidates.travel_s[i]),
        "distance_m": metres(route.length_m),
        "mostly_on": _mostly_on(network, route),
        "straight_m": metres(candidates.straight_m[i]),
        "snap_m": metres(candidates.off_m[i]),
        "not_counted": [Words(en=failure.en, zh=failure.zh) for failure in candidates.expired[i]],
        "brings": {name: float(q) for name, q in zip(names, brought, strict=True) if q > 0},
        "route": LineString.model_construct(coordinates=positions(route.lon, route.lat)),
        "steps": _steps(network, route),
    }


def _mostly_on(network: RoadNetwork, route: Route) -> str | None:
    driven = route.stretches
    length_m = np.abs(driven.end - driven.start) * network.length_m[driven.segment]
    by_class_m = np.bincount(network.road_class[driven.segment], length_m, len(network.class_names))
    return str(network.class_names[by_class_m.argmax()]) or None


def _steps(network: RoadNetwork, route: Route) -> list[StepSaid]:
    if not network.names_streets:
        return []
    return [
        StepSaid(turn=step.turn, street=step.street, length_m=metres(step.length_m))
        for step in steps_of(network, route)
    ]
