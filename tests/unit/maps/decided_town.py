"""The town's incident decided: two units go, one of them requested; one source is left bare."""

from dataclasses import replace

import pandas as pd

from geo.maps.decision import (
    Contact,
    MoveUpLine,
    PlanCard,
    Request,
    SentLine,
    SupplyLine,
    UncoveredLine,
    Verdict,
)
from geo.maps.scene import IncidentScene
from geo.maps.words import Word
from geo.places import Place
from tests.unit.maps.town_scene import scene_named, town_scene

ACTION_CARD = (
    "1. Approach from upwind.\n2. Detect first, then choose protection.\n3. Count everybody in and out."
)


def decided_town() -> IncidentScene:
    """Return the town's scene with everything a decision can hold; Ladder 4 could go but is not needed."""
    town = town_scene()
    statuses = ["first_due", "sent", "passed_over", "listed", "other"]
    change = ["", "", "third if a hazmat squad is aboard", "", ""]
    return replace(
        town,
        units=town.units.assign(id=[11, 12, 13, 14, 15], status=statuses, change=change),
        depots=town.depots.assign(id=[21, 22], status=["supplies", "passed_over"]),
        hazard_sources=town.hazard_sources.assign(id=[31, 32, 33], uncovered=[True, False, False]),
        plan=_plan(),
        sent=(
            SentLine(11, "Hazmat 1", "North", "N-11", "hazmat 2 · rescue 4", 260.0, 330.0),
            SentLine(12, "Pump 2", "North", "N-12", "pump 1", 345.0, 421.0, _request()),
        ),
        supplies=(
            SupplyLine(21, "South depot", "sorbent 500 kg", None, 3661.0),
            SupplyLine(21, "South depot", "suits 4", "Pump 2", 900.0),
        ),
        verdict=Verdict(proved=True, lines=(Word("近似", "Pump 3 would be 20 s later"),)),
        uncovered=(UncoveredLine(31, "Tank farm", 1, "grade 1 within 8 min", 250.0, float("inf")),),
        move_up=MoveUpLine(
            "Rescue 5", "North base", 690.0, Place(114.33, 30.60), Place(114.30, 30.62), "Tank farm"
        ),
    )


def decision_named(name: str) -> IncidentScene:
    """Return the decided town with ``name`` wherever its decision takes words from outside."""
    plain, decided = scene_named(name), decided_town()
    word = Word(name, name)
    return replace(
        plain,
        units=plain.units.assign(id=_ids(decided.units, name), status=decided.units["status"], change=name),
        depots=plain.depots.assign(
            id=_ids(decided.depots, name), status=decided.depots["status"], change=name
        ),
        hazard_sources=plain.hazard_sources.assign(
            id=_ids(decided.hazard_sources, name), uncovered=[True, False, False]
        ),
        plan=PlanCard(name, name, name, name, (Contact(name, name, name),)),
        sent=(
            SentLine(f"0{name}", name, name, name, name, 260.0, 330.0),
            SentLine(f"1{name}", name, name, name, name, 345.0, 421.0, Request(name, name, name, name, name)),
        ),
        supplies=(SupplyLine(f"0{name}", name, name, name, 900.0),),
        verdict=Verdict(proved=False, lines=(word,)),
        uncovered=(UncoveredLine(f"0{name}", name, 1, name, 250.0, 800.0),),
        move_up=MoveUpLine(name, name, 690.0, Place(114.33, 30.60), Place(114.30, 30.62), name),
    )


def _ids(rows: pd.DataFrame, name: str) -> list[str]:
    return [f"{i}{name}" for i in range(len(rows))]


def _plan() -> PlanCard:
    return PlanCard(
        name="Chlorine, severity 2",
        lead_department="Emergency bureau",
        order_text="Go now.\nApproach from upwind.",
        action_card=ACTION_CARD,
        contacts=(
            Contact("Fire", "control room", "119"),
            Contact("Works", "duty officer", "+86 138 7100 0000"),
            Contact("Environment", "", "027-8583 1000 ext. 801"),
        ),
    )


def _request() -> Request:
    return Request("Works A", "Plant manager", "027-8366 1234", "Mutual aid 2024", "no cost")
