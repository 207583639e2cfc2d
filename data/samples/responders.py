"""Made-up bases, teams and units: what stands where, what it brings, and where it was last seen."""

from dataclasses import dataclass
from datetime import datetime

from data.registry import NewBase, NewTeam, NewUnit, Share
from data.samples.certificates import certified
from data.samples.chance import Chance
from data.samples.fleet import STATIONS, StationModel, TeamModel, UnitModel
from data.samples.ground import Ground
from data.samples.naming import Names, contact, phone
from data.samples.sightings import Sighting, make_sightings
from geo.places import Place

GAP_BETWEEN_BASES_M = 2000.0
UNITS_OUT_OF_SERVICE = 10
UNITS_AWAY = 30
FIRST_CALL_SIGN = 101


@dataclass(frozen=True)
class Responders:
    """The bases of a city with their teams and units."""

    bases: tuple[NewBase, ...]
    teams: tuple[NewTeam, ...]
    units: tuple[NewUnit, ...]


@dataclass(frozen=True)
class _Station:
    """A base, its kind, and the node it stands beside."""

    model: StationModel
    node: int
    base: NewBase


@dataclass(frozen=True)
class _Team:
    """A team, its kind, and its station."""

    model: TeamModel
    station: _Station
    team: NewTeam


@dataclass(frozen=True)
class _Bay:
    """The place of one unit in its team."""

    team: _Team
    model: UnitModel
    name: str


def make_responders(ground: Ground, seed: int, now: datetime) -> Responders:
    """
    Return 40 bases, their teams, and 120 units.

    Ten units are out of service; thirty others were last seen away from their bases. A few certificates have
    expired.
    """
    stations = _stations(ground, seed)
    teams = _teams(stations, Chance(seed, "teams"))
    bays = [
        _Bay(team, model, f"{model.name} {number}")
        for team in teams
        for number, model in enumerate(team.model.units, start=1)
    ]
    order = Chance(seed, "service").order(len(bays))
    out, away = set(order[:UNITS_OUT_OF_SERVICE]), order[UNITS_OUT_OF_SERVICE:][:UNITS_AWAY]
    homes = [bays[number].team.station.node for number in away]
    seen = dict(zip(away, make_sightings(homes, ground, now, Chance(seed, "sightings")), strict=True))
    chance = Chance(seed, "units")
    units = [_unit(bay, number not in out, seen.get(number), chance) for number, bay in enumerate(bays)]
    return Responders(
        bases=tuple(station.base for station in stations),
        teams=tuple(each.team for each in teams),
        units=certified(units, now.date(), Chance(seed, "certificates")),
    )


def _stations(ground: Ground, seed: int) -> list[_Station]:
    chance = Chance(seed, "bases")
    models = [model for model in STATIONS for _ in range(model.count)]
    nodes = ground.spread(len(models), GAP_BETWEEN_BASES_M, Chance(seed, "base nodes"))
    names = Names()
    return [
        _Station(model, node, _base(model, ground.beside(node, chance), names, chance))
        for model, node in zip(models, nodes, strict=True)
    ]


def _base(model: StationModel, place: Place, names: Names, chance: Chance) -> NewBase:
    return NewBase(
        name=names.next(model.name, place),
        place=place,
        contact=contact(chance, model.head),
        phone=phone(chance),
        synthetic=True,
    )


def _teams(stations: list[_Station], chance: Chance) -> list[_Team]:
    manned = [(station, model) for station in stations for model in station.model.teams]
    return [
        _Team(model, station, _team(station, model, f"江城 {number}", chance))
        for number, (station, model) in enumerate(manned, start=FIRST_CALL_SIGN)
    ]


def _team(station: _Station, model: TeamModel, call_sign: str, chance: Chance) -> NewTeam:
    return NewTeam(
        base=station.base.name,
        name=f"{station.base.name} {model.name}",
        kind=model.kind,
        tier=station.model.tier,
        call_sign=call_sign,
        radio=f"CH {chance.whole(1, 16)}",
        contact=contact(chance, "队长"),
        phone=phone(chance),
        synthetic=True,
    )


def _unit(bay: _Bay, in_service: bool, seen: Sighting | None, chance: Chance) -> NewUnit:
    crew = chance.whole(*bay.model.crew)
    brings = {
        each.capability: Share(quantity=chance.pick(each.quantities), level=each.level, crew=each.crew)
        for each in bay.model.brings
    }
    return NewUnit(
        team=bay.team.team.name,
        name=bay.name,
        vehicle_profile=bay.model.vehicle_profile,
        crew=crew,
        turnout_s=chance.whole(*bay.team.station.model.turnout_s),
        capabilities={
            bay.model.crew_brings: Share(quantity=crew - 1, level=bay.model.crew_level),
            **brings,
        },
        in_service=in_service,
        position=seen.place if seen else None,
        position_at=seen.at if seen else None,
        synthetic=True,
    )
