"""The town of a simulation: places that call, what can happen there, what each needs, and the standard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from sqlalchemy.orm import Session

from api.dispatching import Centre
from api.needs import Needs, needs_of
from api.picture import Board
from api.settings import Settings
from api.simulating.asked import SimulationAsked
from api.simulating.fleet import at_home
from api.simulating.spots import Spots, spots_of, weight_where
from api.siting.reading import DEFAULT_CAPABILITY, DEFAULT_LEVEL, DEFAULT_PROFILE
from api.siting.sites import Equipment
from data.agreements import all_agreements, all_authorities
from data.call_assumptions import STREETS, KindRow, call_kinds, call_places
from data.candidates import all_depots, all_units, stock_columns
from data.database import transaction
from data.graded_sources import all_standards, gravest_sources
from data.incidents import IncidentFacts, check_kind
from data.planning import PlannedStandard, arrival_standard, known_capability
from data.plans import Features, matching_plan
from geo.errors import InvalidInputError
from geo.places import Place

SIMULATED = "simulation"
UNHURRIED_S = 60.0
"""A choice may take so long here: one that time cuts short would come out otherwise on another machine."""


@dataclass(frozen=True, eq=False)
class Town:
    """
    A town to be simulated.

    Attributes
    ----------
    board : Board
        Everybody at home, at no incident yet.
    kinds : tuple of KindRow
        What can happen.
    needs : mapping of (position in ``kinds``, grade) to Needs
    """

    board: Board
    spots: Spots
    kinds: tuple[KindRow, ...]
    needs: dict[tuple[int, int], Needs]
    standard: PlannedStandard | None
    equipment: Equipment
    settings: Settings
    notes: tuple[str, ...]

    def board_of(self, spot: int, kind: int, call: int) -> Board:
        """Return the board of one call; its number as an incident is its position and one."""
        site, row = self.spots.site[spot], self.kinds[kind]
        incident = replace(
            self.board.incident,
            id=call + 1,
            kind=row.kind,
            severity=row.severity,
            place=Place(float(self.spots.lon[spot]), float(self.spots.lat[spot])),
            hazard_source_id=None if site is None else site.id,
        )
        return replace(
            self.board, incident=incident, site=site, needs=self.needs[kind, int(self.spots.grade[spot])]
        )


def read_town(asked: SimulationAsked, centre: Centre, random: np.random.Generator) -> Town:
    """
    Read who stands where and what may happen.

    Raises
    ------
    InvalidInputError
        When a standard, a kind of incident or a table is none, or nothing that may happen has a plan.
    """
    places, kinds = call_places(asked.places), call_kinds(asked.kinds)
    with transaction(centre.sessions) as session:
        standard = None if asked.standard is None else arrival_standard(session, asked.standard)
        equipment = equipment_of(asked, standard)
        known_capability(session, equipment.capability)
        spots = spots_of(session, places, centre, random)
        planned, notes = _planned(session, kinds, spots)
        names = [need.name for needs in planned.needs.values() for need in needs.capabilities]
        names.append(equipment.capability)
        if standard is not None and standard.capability is not None:
            names.append(standard.capability)
        first = next(iter(planned.needs.values()))
        return Town(
            board=_board(session, first, tuple(dict.fromkeys(names)), centre),
            spots=replace(spots, weight=weight_where(spots, {row.where for row in planned.kinds})),
            kinds=planned.kinds,
            needs=planned.needs,
            standard=standard,
            equipment=equipment,
            settings=centre.settings.model_copy(update={"choice_time_limit_s": UNHURRIED_S}),
            notes=notes,
        )


def equipment_of(asked: SimulationAsked, standard: PlannedStandard | None) -> Equipment:
    """Return what a new base holds: as asked, else as the standard says, else a hazmat crew of level 2."""
    held = asked.held
    profile = held.profile or (standard and standard.vehicle_profile) or DEFAULT_PROFILE
    if held.capability is not None:
        return Equipment(held.capability, held.level, profile, held.turnout_s)
    if standard is not None and standard.capability is not None:
        return Equipment(standard.capability, standard.capability_level, profile, held.turnout_s)
    return Equipment(DEFAULT_CAPABILITY, DEFAULT_LEVEL, profile, held.turnout_s)


@dataclass(frozen=True)
class _Planned:
    """What may happen for which there is a plan, and what that needs."""

    kinds: tuple[KindRow, ...]
    needs: dict[tuple[int, int], Needs]


def _planned(session: Session, kinds: Sequence[KindRow], spots: Spots) -> tuple[_Planned, tuple[str, ...]]:
    """Match plans, as the product does, to everything that may happen, at sites of each grade there is."""
    grade = spots.grade
    kept: list[KindRow] = []
    needs: dict[tuple[int, int], Needs] = {}
    without: list[str] = []
    for row in kinds:
        check_kind(session, row.kind)
        here = np.unique(grade[spots.street == (row.where == STREETS)]).tolist()
        plans = [_plan_needs(session, row, int(one)) for one in here]
        found = [one for one in plans if one is not None]
        if here and len(found) == len(here):
            needs |= {(len(kept), int(one)): plan for one, plan in zip(here, found, strict=True)}
            kept.append(row)
        elif here:
            without.append(f"{row.kind} of severity {row.severity}")
    if not kept:
        raise InvalidInputError("call-kinds", "nothing in the table has both a place and a response plan")
    notes = (f"no response plan speaks for {', '.join(without)}: left out",) if without else ()
    return _Planned(tuple(kept), needs), notes


def _plan_needs(session: Session, row: KindRow, grade: int) -> Needs | None:
    anywhere = Place(0.0, 0.0)
    plan = matching_plan(session, Features(row.kind, row.severity, grade or None, None, anywhere))
    return needs_of(session, plan, None) if plan is not None and plan.needs else None


def _board(session: Session, needs: Needs, capabilities: tuple[str, ...], centre: Centre) -> Board:
    depots, now = all_depots(session), datetime.now(UTC)
    return Board(
        incident=IncidentFacts(
            id=None,
            kind=SIMULATED,
            severity=4,
            place=Place(0.0, 0.0),
            substance=None,
            reported_at=now,
            reported_by=SIMULATED,
            status=SIMULATED,
            synthetic=True,
        ),
        site=None,
        needs=needs,
        read_capabilities=capabilities,
        units=at_home(all_units(session, capabilities)),
        depots=depots,
        stock=stock_columns(session, depots, []),
        authorities=all_authorities(session),
        agreements=all_agreements(session),
        sources=gravest_sources(session),
        standards=all_standards(session),
        read_at=now,
        time_zone=centre.settings.time_zone,
    )
