"""A made-up city of any size: that of the demonstration, with more of what other seeds give added to it."""

from dataclasses import replace
from datetime import datetime

from data.registry import NewBase, NewDepot, NewTeam, NewUnit
from data.samples.city import DEMO_SEED, City, make_city
from routing.network import RoadNetwork


def big_city(network: RoadNetwork, now: datetime, units: int, depots: int) -> City:
    """Return the demonstration's city grown to so many units and depots; those added are all our own."""
    first = make_city(network.node_lon, network.node_lat, now=now)
    bases, teams = list(first.bases), list(first.teams)
    all_units, all_depots = list(first.units), list(first.depots)
    seed = DEMO_SEED
    while len(all_units) < units or len(all_depots) < depots:
        seed += 1
        more = make_city(network.node_lon, network.node_lat, now=now, seed=seed)
        bases += [_base(row, seed) for row in more.bases]
        teams += [_team(row, seed) for row in more.teams]
        all_units += [_unit(row, seed) for row in more.units]
        all_depots += [_depot(row, seed) for row in more.depots]
    return replace(
        first,
        bases=tuple(bases),
        teams=tuple(teams),
        units=tuple(all_units[:units]),
        depots=tuple(all_depots[:depots]),
    )


def _named(name: str, seed: int) -> str:
    return f"{name} {seed}"


def _base(row: NewBase, seed: int) -> NewBase:
    return row.model_copy(update={"name": _named(row.name, seed)})


def _team(row: NewTeam, seed: int) -> NewTeam:
    return row.model_copy(
        update={
            "name": _named(row.name, seed),
            "base": _named(row.base, seed),
            "call_sign": _named(row.call_sign, seed),
            "authority": None,
            "hazard_source": None,
        }
    )


def _unit(row: NewUnit, seed: int) -> NewUnit:
    return row.model_copy(update={"name": _named(row.name, seed), "team": _named(row.team, seed)})


def _depot(row: NewDepot, seed: int) -> NewDepot:
    return row.model_copy(update={"name": _named(row.name, seed)})
