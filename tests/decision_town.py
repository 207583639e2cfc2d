"""
Little towns for the decision: the river town, its registry written anew by each test.

All streets are driven at ten metres a second and the incident is at the quay: a crew 1,200 m up Mill Road
whose turnout is 60 s arrives after 180 s. Across the river the way leads over the bridge, 5,000 m upstream.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from shapely import Point
from sqlalchemy import delete, select, update

from api.answer import Answer, PassedOverSaid, UnitSaid
from api.answer_choice import SentSaid
from api.answering import make_answer
from api.dispatching import Centre, answer_call, kept_answer, picture_of_call, recommend
from api.needs import NeedsAsked, parse_capabilities, parse_supplies
from api.picture import Picture
from api.replaying import replay
from data import conditions
from data.database import transaction
from data.models import (
    Agreement,
    Authority,
    Depot,
    DepotTier,
    HazardSource,
    Incident,
    Recommendation,
    RescueBase,
    ResponsePlan,
    Staffing,
    Stock,
    Team,
    Tier,
    Unit,
    UnitCapability,
    VehicleProfile,
)
from data.registry import (
    NewAgreement,
    NewAuthority,
    NewBase,
    NewDepot,
    NewHazardSource,
    NewIncident,
    NewPlan,
    NewStock,
    NewTeam,
    NewUnit,
    Share,
    add_agreements,
    add_authorities,
    add_bases,
    add_depots,
    add_hazard_sources,
    add_plans,
    add_teams,
    add_units,
)
from geo.places import Place
from tests.db.conditions import closure
from tests.river_town import QUAY
from tests.towns import spot

TURNOUT_S = 60.0
LOADING_S = 300.0
M_PER_S = 10.0
BRIDGE_M = 5000.0
RIVER_M = 200.0
ALWAYS = date(2020, 1, 1)
BRIDGE = Point(*spot(RIVER_M / 2, BRIDGE_M)).buffer(0.0004)


def up_mill_road(metres: float) -> Place:
    """Return the place so many metres from the quay, on its own bank."""
    return Place(*spot(-metres, 0))


def over_the_bridge(metres: float) -> Place:
    """Return the place so many metres from the quay by road, on the other bank: 5,200 to 10,200."""
    return Place(*spot(RIVER_M, 2 * BRIDGE_M + RIVER_M - metres))


@dataclass(frozen=True)
class Crew:
    """A unit, with a base and a team of its own that bear its name."""

    name: str
    place: Place
    can: Mapping[str, float | Share]
    crew: int = 6
    turnout_s: float = TURNOUT_S
    tier: Tier = Tier.FIRE_BRIGADE
    vehicle: VehicleProfile = VehicleProfile.FIRE_ENGINE
    staffing: Staffing = Staffing.FULL_TIME
    authority: str | None = None
    guards: str | None = None
    in_service: bool = True
    seen: tuple[Place, datetime] | None = None


@dataclass(frozen=True)
class Told:
    """A recorded incident and one of its answers, as people read it."""

    incident: int
    answer: Answer

    @property
    def listed(self) -> dict[str, UnitSaid]:
        """Those who could come, by name, soonest first."""
        return {unit.name: unit for unit in self.answer.units}

    @property
    def sent(self) -> dict[str, SentSaid]:
        """Those who go, by name."""
        return {unit.name: unit for unit in self.answer.choice.units}

    @property
    def roles(self) -> dict[str, dict[str, float]]:
        """What each of those who go is sent for."""
        return {
            name: {role.requirement: role.amount for role in unit.roles} for name, unit in self.sent.items()
        }

    @property
    def unlisted(self) -> dict[str, PassedOverSaid]:
        """Those who are not listed, units and depots, by name."""
        return {said.name: said for said in (*self.answer.passed_over, *self.answer.farther)}

    def rank(self, name: str) -> int:
        """Return the place of a unit among those listed, from 1."""
        return list(self.listed).index(name) + 1


@dataclass(frozen=True)
class Town:
    """A command centre, and short ways to write its registry and to ask it."""

    centre: Centre

    def empty(self) -> None:
        """Take everybody and everything off the registry; what was answered stays."""
        with transaction(self.centre.sessions) as session:
            session.execute(update(Incident).values(hazard_source_id=None))
            for table in (Unit, Team, RescueBase, Stock, Depot, HazardSource, Agreement, Authority):
                session.execute(delete(table))
            session.execute(delete(ResponsePlan).where(~ResponsePlan.name.like("%(default)")))
            for facts in conditions.read(session).conditions:
                conditions.withdraw(session, facts.id, "test", "over")

    def write(self, *crews: Crew) -> None:
        """Write crews, each with a base and a team."""
        with transaction(self.centre.sessions) as session:
            add_bases(session, [NewBase(name=crew.name, place=crew.place) for crew in crews])
            add_teams(session, [_team(crew) for crew in crews])
            add_units(session, [_unit(crew) for crew in crews])

    def store(self, name: str, place: Place, *stock: NewStock, delivers: bool = True) -> None:
        """Write a depot that loads in 300 s."""
        depot = NewDepot(
            name=name, tier=DepotTier.CITY, place=place, loading_s=LOADING_S, delivers=delivers, stock=stock
        )
        with transaction(self.centre.sessions) as session:
            add_depots(session, [depot])

    def site(self, name: str, place: Place, grade: int | None = None) -> int:
        """Write a hazard source of a grade and return its number."""
        row = NewHazardSource(
            name=name, kind="chemical-plant", enterprise="works", place=Point(place.lon, place.lat)
        )
        with transaction(self.centre.sessions) as session:
            add_hazard_sources(session, [row])
            session.execute(update(HazardSource).where(HazardSource.name == name).values(grade=grade))
            return session.scalars(select(HazardSource.id).where(HazardSource.name == name)).one()

    def authority(self, name: str, approval_s: float) -> None:
        """Write an authority whose duty office approves requests."""
        row = NewAuthority(name=name, approver=f"{name} duty office", phone="110", approval_s=approval_s)
        with transaction(self.centre.sessions) as session:
            add_authorities(session, [row])

    def agree(self, authority: str, number: str, **terms: object) -> None:
        """Write an agreement, in force since long and without an end unless the terms say otherwise."""
        said = {"authority": authority, "number": number, "mobilise_within_s": 0.0, "valid_from": ALWAYS}
        with transaction(self.centre.sessions) as session:
            add_agreements(session, [NewAgreement.model_validate(said | terms)])

    def plan(self, name: str, **terms: object) -> None:
        """Write a response plan for chemical leaks."""
        said = {
            "name": name,
            "incident_kind": "chemical-leak",
            "lead_department": "Emergency Management Bureau",
            "order_text": "Go.",
            "needs": ({"capability": "rescue", "quantity": 1},),
        }
        with transaction(self.centre.sessions) as session:
            add_plans(session, [NewPlan.model_validate(said | terms)])

    def change_unit(self, name: str, **values: object) -> None:
        """Change a unit."""
        with transaction(self.centre.sessions) as session:
            session.execute(update(Unit).where(Unit.name == name).values(values))

    def change_share(self, name: str, capability: str, **values: object) -> None:
        """Change what a unit brings of a capability."""
        of_unit = select(Unit.id).where(Unit.name == name).scalar_subquery()
        with transaction(self.centre.sessions) as session:
            session.execute(
                update(UnitCapability)
                .where(UnitCapability.unit_id == of_unit, UnitCapability.capability == capability)
                .values(values)
            )

    def close_bridge(self, reason: str) -> int:
        """Close the bridge and return the number of the closure."""
        with transaction(self.centre.sessions) as session:
            return conditions.add(session, closure(shape=BRIDGE, reason=reason)).id

    def reopen(self, closure_id: int) -> None:
        """Withdraw a closure."""
        with transaction(self.centre.sessions) as session:
            conditions.withdraw(session, closure_id, "test", "dry again")

    def report(
        self, need: str | None, supply: str | None = None, by: str | None = None, **call: object
    ) -> Told:
        """Report a leak at the quay and return the first answer."""
        reported = answer_call(_call(call), asked(need, supply, by), self.centre)
        if reported.number is None:
            raise AssertionError(reported.why_none)
        said = kept_answer(reported.incident_id, reported.number, self.centre)
        return Told(reported.incident_id, Answer.model_validate_json(said))

    def again(self, told: Told, need: str | None = None, supply: str | None = None) -> Told:
        """Ask once more about a recorded incident."""
        kept = recommend(told.incident, asked(need, supply), self.centre)
        return Told(told.incident, Answer.model_validate_json(kept.answer))

    def picture(self, need: str, supply: str | None = None, **call: object) -> Picture:
        """Read what an answer to an unrecorded leak at the quay rests on."""
        return picture_of_call(_call(call), asked(need, supply), self.centre)

    def told_at(self, read_at: datetime, need: str, supply: str | None = None) -> Told:
        """Answer an unrecorded leak as if the picture had been read at another moment."""
        picture = replace(self.picture(need, supply), read_at=read_at)
        return Told(0, make_answer(picture, self.centre.settings))

    def with_settings(self, **values: object) -> "Town":
        """Return the same town under other settings."""
        settings = self.centre.settings.model_copy(update=values)
        return replace(self, centre=replace(self.centre, settings=settings))

    def replay_all(self) -> int:
        """Make every answer ever recorded again, and return how many came out the same to the byte."""
        with transaction(self.centre.sessions) as session:
            given = session.execute(select(Recommendation.incident_id, Recommendation.number)).all()
        return len([replay(incident, number, self.centre) for incident, number in given])


def asked(need: str | None, supply: str | None = None, by: str | None = None) -> NeedsAsked:
    """Read needs as people write them."""
    return NeedsAsked(
        None if need is None else parse_capabilities(need),
        None if supply is None else parse_supplies(supply),
        by,
    )


def _call(changes: Mapping[str, object]) -> NewIncident:
    said: dict[str, object] = {
        "kind": "chemical-leak",
        "severity": 2,
        "place": QUAY,
        "reported_at": datetime.now(UTC),
        "reported_by": "desk",
    }
    return NewIncident.model_validate({**said, **changes})


def _team(crew: Crew) -> NewTeam:
    return NewTeam(
        base=crew.name,
        name=crew.name,
        kind="fire",
        tier=crew.tier,
        call_sign=crew.name,
        staffing=crew.staffing,
        authority=crew.authority,
        hazard_source=crew.guards,
    )


def _unit(crew: Crew) -> NewUnit:
    place, at = crew.seen or (None, None)
    return NewUnit(
        team=crew.name,
        name=crew.name,
        vehicle_profile=crew.vehicle,
        crew=crew.crew,
        turnout_s=crew.turnout_s,
        capabilities=dict(crew.can),
        in_service=crew.in_service,
        position=place,
        position_at=at,
    )
