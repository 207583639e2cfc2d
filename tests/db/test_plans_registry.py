"""What may be written of plans, standards, authorities and agreements, and how a refusal says why."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from data.database import Sessions, transaction
from data.models import Agreement, Capability, ResponsePlan, Standard, Team
from data.registry import (
    NewAgreement,
    NewAuthority,
    NewBase,
    NewHazardSource,
    NewNeed,
    NewPlan,
    NewStandard,
    NewStock,
    NewSupply,
    NewTeam,
    NewUnit,
    Share,
    add_agreements,
    add_authorities,
    add_bases,
    add_hazard_sources,
    add_plans,
    add_standards,
    add_teams,
    add_units,
)
from data.registry.rows import point
from data.vocabulary import default_plans, shipped_rows
from geo.errors import InvalidInputError
from tests.river_town import QUAY

ORDER = "Go to {place}: {kind}, severity {severity}, {substance}; arrival {arrival}."


def plan(name: str, **changes: object) -> NewPlan:
    said: dict[str, object] = {
        "name": name,
        "incident_kind": "fire",
        "lead_department": "Fire Brigade",
        "order_text": ORDER,
        "needs": (NewNeed(capability="water", quantity=5000),),
    }
    return NewPlan.model_validate(said | changes)


def agreement(number: str, **changes: object) -> NewAgreement:
    said = {"authority": "brigade", "number": number, "mobilise_within_s": 60, "valid_from": date(2026, 1, 1)}
    return NewAgreement.model_validate(said | changes)


def test_a_plan_keeps_what_it_says_in_the_order_it_says_it(sessions: Sessions) -> None:
    row = plan(
        "acid",
        incident_kind="chemical-leak",
        grade=1,
        substance=" Sulphuric ACID ",
        needs=(
            NewNeed(capability="medical", quantity=4, deadline_s=720, weight=2),
            NewNeed(capability="hazmat", quantity=3, level=2, deadline_s=900),
            NewNeed(capability="hazmat", quantity=3),
        ),
        supplies=(NewSupply(item="sorbent", quantity=2, unit_of_measure="t"),),
        standards=("mine-rescue-drive", "cover-grade-1"),
    )
    with transaction(sessions) as session:
        add_plans(session, [row])
    with transaction(sessions) as session:
        kept = session.scalars(select(ResponsePlan).where(ResponsePlan.name == "acid")).one()
        assert kept.substance == "sulphuric acid"
        assert [(n.capability, n.quantity, n.level, n.deadline_s, n.weight) for n in kept.needs] == [
            ("medical", 4, 0, 720, 2),
            ("hazmat", 3, 2, 900, 1),
            ("hazmat", 3, 0, None, 1),
        ]
        assert [standard.code for standard in kept.standards] == ["cover-grade-1", "mine-rescue-drive"]


def test_two_plans_for_one_case_contradict_each_other_and_both_are_named(sessions: Sessions) -> None:
    rows = [plan("one", severity=2, grade=3), plan("two", severity=2, grade=3)]
    refused = pytest.raises(InvalidInputError, match=r"'one' and 'two' contradict .* severity 2, grade 3")
    with refused, transaction(sessions) as session:
        add_plans(session, rows)
    refused = pytest.raises(InvalidInputError, match=r"'fire severity 1 \(default\)' and 'mine' contradict")
    with refused, transaction(sessions) as session:
        add_plans(session, [plan("mine", severity=1)])
    with transaction(sessions) as session:
        assert session.scalar(select(func.count()).where(ResponsePlan.name.in_(("one", "two", "mine")))) == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"needs": [{"capability": "juggling", "quantity": 1}]}, "capability of plan 'bad': 'juggling'"),
        ({"standards": ["ten-minutes"]}, "standard of plan 'bad': 'ten-minutes'"),
        ({"incident_kind": "picnic"}, "incident_kind: 'picnic'"),
        ({"supplies": [{"item": "foam", "quantity": 1, "unit_of_measure": "t"}]}, "'foam' is a capability"),
        ({"needs": [{"capability": "hazmat", "quantity": 1.5, "level": 2}]}, "1.5 crews of 'hazmat'"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused(
    sessions: Sessions, changes: dict[str, object], reason: str
) -> None:
    row = plan("bad", grade=4, **changes)
    with pytest.raises(InvalidInputError, match=reason), transaction(sessions) as session:
        add_plans(session, [row])


def test_the_name_of_a_plan_is_used_once(sessions: Sessions) -> None:
    row = plan("fire severity 1 (default)", grade=4)
    refused = pytest.raises(InvalidInputError, match=r"name: .* \(row 1\) is already in the registry")
    with refused, transaction(sessions) as session:
        add_plans(session, [row])


WATER_TWICE = [{"capability": "water", "quantity": 1}, {"capability": "water", "quantity": 2}]
SORBENT_IN_KG = {"item": "sorbent", "quantity": 1, "unit_of_measure": "kg"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"needs": []}, "needs\n.*at least 1 item"),
        ({"needs": WATER_TWICE}, "needs of plan 'bad': 'water' is wanted twice"),
        ({"needs": [{"capability": "water", "quantity": 0}]}, r"needs\.0\.quantity\n.*greater than 0"),
        ({"needs": [{"capability": "water", "quantity": -5}]}, r"needs\.0\.quantity\n.*greater than 0"),
        ({"needs": [{"capability": "water", "quantity": 1, "level": -1}]}, r"needs\.0\.level\n"),
        ({"needs": [{"capability": "water", "quantity": 1, "deadline_s": 0}]}, r"needs\.0\.deadline_s\n"),
        ({"supplies": [SORBENT_IN_KG | {"unit_of_measure": "blorp"}]}, "'blorp' is not known"),
        (
            {"supplies": [SORBENT_IN_KG, SORBENT_IN_KG | {"unit_of_measure": "L"}]},
            "supplies of plan 'bad': 'sorbent' is counted in kg and in L",
        ),
        ({"supplies": [SORBENT_IN_KG, SORBENT_IN_KG]}, "an item is wanted twice"),
        ({"standards": ["cover-grade-1", "cover-grade-1"]}, "'cover-grade-1' is named twice"),
        ({"order_text": "Go to {street}."}, r"{street} cannot be filled in; use {kind}"),
        ({"order_text": "Go to {place.lon}."}, r"{place.lon} cannot be filled in"),
        ({"severity": 5}, "severity\n"),
        ({"substance": " "}, "substance\n"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_field(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        plan("bad", **changes)


def test_an_agreement_may_be_made_once_for_a_kind_and_a_capability(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        add_authorities(session, [NewAuthority(name="brigade", approver="duty office", approval_s=60)])
        add_agreements(session, [agreement("A 1"), agreement("A 2", incident_kind="flood")])
    refused = pytest.raises(InvalidInputError, match="'A 1' and 'A 3' are about the same: brigade, every")
    with refused, transaction(sessions) as session:
        add_agreements(session, [agreement("A 3")])
    with transaction(sessions) as session:
        assert session.scalar(select(func.count(Agreement.id))) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"authority": "circus"}, "authority: 'circus'"),
        ({"incident_kind": "picnic"}, "incident_kind: 'picnic'"),
        ({"capability": "juggling"}, "capability: 'juggling'"),
    ],
)
def test_an_agreement_about_nothing_known_is_refused(
    sessions: Sessions, changes: dict[str, object], reason: str
) -> None:
    with transaction(sessions) as session:
        office = f"office of {reason}"
        add_authorities(session, [NewAuthority(name=office, approver="duty office", approval_s=60)])
    row = agreement("B 1", **({"authority": office} | changes))
    with pytest.raises(InvalidInputError, match=reason), transaction(sessions) as session:
        add_agreements(session, [row])


def test_an_agreement_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="'C 1' ends on 2025-12-31, before it begins on 2026-01-01"):
        agreement("C 1", valid_until=date(2025, 12, 31))


def test_a_standard_has_a_new_code_and_a_known_capability(sessions: Sessions) -> None:
    said = {
        "code": "cover-grade-1",
        "name_en": "cover",
        "name_zh": "覆盖",
        "strength": "should",
        "clock_start": "alarm",
        "seconds": 600,
        "applies_to": "everything",
        "source": "the council",
    }
    with pytest.raises(InvalidInputError, match="code: 'cover-grade-1'"), transaction(sessions) as session:
        add_standards(session, [NewStandard.model_validate(said)])
    juggling = NewStandard.model_validate(said | {"code": "new", "capability": "juggling"})
    with pytest.raises(InvalidInputError, match="capability: 'juggling'"), transaction(sessions) as session:
        add_standards(session, [juggling])
    with pytest.raises(ValidationError, match="level of no capability"):
        NewStandard.model_validate(said | {"capability_level": 2})


def test_a_role_needs_no_more_people_than_the_crew_has() -> None:
    said = {"team": "t", "name": "n", "vehicle_profile": "passenger", "crew": 3, "turnout_s": 0}
    with pytest.raises(ValidationError, match="hazmat ties up 4 people, but the crew is 3"):
        NewUnit.model_validate(said | {"capabilities": {"hazmat": {"quantity": 2, "crew": 4}}})
    with pytest.raises(ValidationError, match=r"capabilities\.rescue\.level\n"):
        NewUnit.model_validate(said | {"capabilities": {"rescue": {"quantity": 2, "level": -1}}})
    with pytest.raises(ValidationError, match=r"capabilities\.rescue\.quantity\n"):
        NewUnit.model_validate(said | {"capabilities": {"rescue": 0}})


def test_where_the_best_counts_a_second_level_is_refused(sessions: Sessions) -> None:
    row = NewUnit(
        team="lone team",
        name="truck",
        vehicle_profile="passenger",
        crew=3,
        turnout_s=0,
        capabilities={"hazmat": Share(quantity=2, level=3)},
    )
    refused = pytest.raises(InvalidInputError, match="'truck': 'hazmat' is of level 2 by its quantity, not 3")
    with refused, transaction(sessions) as session:
        add_bases(session, [NewBase(name="lone base", place=QUAY)])
        team = NewTeam(base="lone base", name="lone team", kind="fire", tier="other", call_sign="lone")
        add_teams(session, [team])
        add_units(session, [row])


def test_a_team_is_staffed_as_its_tier_is_and_ours_unless_an_authority_is_named(sessions: Sessions) -> None:
    works = NewHazardSource(name="works", kind="mine", enterprise="Works Ltd", place=point(QUAY))
    said = {"base": "gate", "kind": "fire"}
    with transaction(sessions) as session:
        add_authorities(session, [NewAuthority(name="Works Ltd", approver="gate", approval_s=0)])
        add_hazard_sources(session, [works])
        add_bases(session, [NewBase(name="gate", place=QUAY)])
        rows = [
            said | {"name": "ours", "call_sign": "g1", "tier": "volunteer"},
            said
            | {"name": "theirs", "call_sign": "g2", "tier": "enterprise-part-time"}
            | {"authority": "Works Ltd", "hazard_source": "works", "staffing": "full-time"},
        ]
        add_teams(session, [NewTeam.model_validate(row) for row in rows])
    with transaction(sessions) as session:
        ours, theirs = session.scalars(select(Team).where(Team.kind == "fire").order_by(Team.id))
        assert (ours.staffing, ours.authority, ours.hazard_source) == ("volunteer", None, None)
        assert theirs.authority is not None
        assert theirs.hazard_source is not None
        assert (theirs.staffing, theirs.authority.name) == ("full-time", "Works Ltd")
    twin = pytest.raises(InvalidInputError, match="hazard_source: 'works' is the name of 2 hazard sources")
    with twin, transaction(sessions) as session:
        add_hazard_sources(session, [works])
        guard = said | {"name": "guard", "call_sign": "g3", "tier": "other", "hazard_source": "works"}
        add_teams(session, [NewTeam.model_validate(guard)])


def test_stock_of_one_batch_is_a_row_and_its_last_day_is_a_day() -> None:
    said = {"item": "foam", "unit_of_measure": "L", "quantity": 5}
    assert NewStock.model_validate(said).expires_on is None
    with pytest.raises(ValidationError, match="available_after_s"):
        NewStock.model_validate(said | {"available_after_s": -1})
    with pytest.raises(ValidationError, match="its year is not between"):
        NewStock.model_validate(said | {"expires_on": date(26, 1, 1)})


def test_default_plans_stand_for_every_kind_and_severity_and_chlorine(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        shipped = select(ResponsePlan).where(ResponsePlan.name.endswith("(default)"))
        kept = {
            (row.incident_kind, row.severity)
            for row in session.scalars(shipped.where(ResponsePlan.substance.is_(None)))
        }
    kinds = {row["code"] for row in shipped_rows("incident_kinds.csv")}
    assert kept == {(kind, severity) for kind in kinds for severity in (1, 2, 3, 4)}
    (chlorine,) = [row for row in default_plans() if row.substance is not None]
    assert (chlorine.substance, chlorine.severity, chlorine.grade) == ("chlorine", None, None)
    assert (chlorine.needs[0].capability, chlorine.needs[0].level) == ("hazmat", 2)


def test_every_default_order_can_be_filled_in_and_every_card_has_two_languages() -> None:
    for row in default_plans():
        filled = row.order_text.format(
            kind="火灾", severity=2, place="Quay 1", substance="氯", arrival="08:15"
        )
        assert "Quay 1" in filled
        assert "{" not in filled
        zh, en = row.action_card.split("\n\n")
        assert len(zh.splitlines()) == len(en.splitlines()) >= 4
        assert en.isascii()


def test_what_is_not_confirmed_or_only_assumed_says_so(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        sources = dict(session.execute(select(Standard.code, Standard.source)).all())
        by_vehicle = set(session.scalars(select(Capability.code).where(~Capability.by_crew)))
    assert "not confirmed" in sources["accident-report-enterprise"]
    assert "a city should replace it" in sources["cover-grade-1"]
    assert by_vehicle == {"foam", "water", "pumping", "ladder-reach"}
