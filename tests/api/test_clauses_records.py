"""Clauses that records decide: each is kept once, broken once, and left open once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from api.clauses.checking import CHECKERS, judged
from api.clauses.findings import rules_of
from api.clauses.ground import Layers, Records
from api.dispatching import Centre
from data.clause_facts import KindName, PlanScope, RecordedUnit, StoredItem
from data.logged import LoggedDrive
from data.planning_layers import People
from data.records import DrillFacts, EnterpriseFacts, PlanRecord, VerifiedRow
from data.vocabulary.clauses import shipped_clauses
from geo.places import Place
from tests.api.clause_town import (
    AT_QUAY,
    NOTHING,
    TODAY,
    WORKS,
    ammonia,
    chlorine,
    crew,
    drive,
    found,
    gb_unit,
    ground,
    incident,
    shipped_rules,
    source,
    verdicts,
    with_sources,
)

NEVER_TOLD = (
    "gb18218-design-maximum",
    "gb18218-unit-bounds",
    "erg-approach-upwind",
    "erg-protected-entry",
    "accident-report-level",
    "nfpa-1710-answer",
    "regional-bases",
)
LARGE = EnterpriseFacts(WORKS, 2000, 1e9)
SMALL = EnterpriseFacts(WORKS, 100, None)
STORE = f"{WORKS} store"
WATER, GAS, HAZMAT = frozenset({"water"}), frozenset({"detection"}), frozenset({"hazmat"})


@dataclass(frozen=True)
class Case:
    """Records that keep a clause, that break it, and that leave it open."""

    code: str
    green: Records
    red: Records
    open: Records
    green_layers: Layers | None = None
    red_layers: Layers | None = None


def graded(level: int | None = 2) -> Records:
    """Return a unit of 50 t chlorine and 40 t ammonia: S = 14, R = 96 with alpha 2, level 2."""
    return with_sources(source(units=(gb_unit(chlorine(), ammonia(), grade=level),)))


def held_at(
    size: EnterpriseFacts | None, level: int, *cans: frozenset[str], units: tuple[RecordedUnit, ...] = ()
) -> Records:
    """Return an enterprise with a source of a level and vehicles of its own."""
    cars = [crew(f"car {i}") for i in range(len(cans))]
    own = tuple(
        replace(car, can=can, enterprise=WORKS, tier="other") for car, can in zip(cars, cans, strict=True)
    )
    sizes = () if size is None else (size,)
    return replace(with_sources(source(grade=level, units=units)), enterprises=sizes, crews=own)


def stored(item: str, unit: str, quantity: float) -> Records:
    """Return a class-2 enterprise with one crew of six and a store of its own."""
    records = replace(held_at(SMALL, 1, WATER), enterprise_depots=(STORE,))
    return replace(records, stores=(StoredItem(STORE, item, unit, quantity),))


def drilled(day: date, organiser: str = "government") -> Records:
    return replace(NOTHING, drills=(DrillFacts(day, "practical", organiser, None, None),))


def drilled_at_works(day: date) -> Records:
    drill = DrillFacts(day, "tabletop", "enterprise", "car 0 team", None)
    return replace(held_at(SMALL, 1, WATER), drills=(drill,))


def planned(revised: date | None = None, filed: date | None = None) -> Records:
    return replace(NOTHING, plans=(PlanRecord("1", "leak plan", revised, filed),))


def changed(revised: date) -> Records:
    return replace(planned(revised), changed_on=date(2026, 1, 2))


def drill_of(plan: str) -> Records:
    return replace(planned(), drills=(DrillFacts(TODAY, "tabletop", "team", None, plan),))


def covering(*severities: int | None) -> Records:
    scopes = tuple(PlanScope("fire", severity, general=True) for severity in severities)
    return replace(NOTHING, scopes=scopes, kinds=(KindName("fire", "Fire", "火灾"),))


def surveyed(*days: date | None) -> Records:
    rows = tuple(VerifiedRow("team", i, f"team {i}", day, None, False) for i, day in enumerate(days))
    return replace(NOTHING, verified=rows)


def logged(times: int, make: Callable[[int], LoggedDrive]) -> Records:
    return replace(NOTHING, log=tuple(incident(i, make(i)) for i in range(times)))


def people(count: float, at: Place = AT_QUAY) -> Layers:
    return Layers(people=People(np.array([at.lon]), np.array([at.lat]), np.array([count])))


def staffed(crew_size: int, late_s: float = 0) -> Records:
    """Return ten incidents at which so many people arrive 400 s after the order, or later."""
    return logged(10, lambda _: drive(turnout_s=60, travel_s=340 + late_s, crew_size=crew_size))


UNKNOWN_SIZE = held_at(None, 3)
NO_STORE = held_at(SMALL, 1, WATER)
TOXIC = (gb_unit(chlorine()),)
FEW = logged(9, lambda _: drive())
PLANS = planned(filed=TODAY)
RECORD_CASES = (
    Case("gb18218-identified", graded(), graded(level=None), with_sources(source())),
    Case("gb18218-level", graded(), graded(level=3), with_sources(source(units=(gb_unit(),)))),
    Case(
        "gb18218-threshold",
        graded(),
        with_sources(source(units=(gb_unit(chlorine(threshold_t=50)),))),
        with_sources(source()),
    ),
    Case(
        "gb18218-beta",
        graded(),
        with_sources(source(units=(gb_unit(chlorine(beta=1)),))),
        with_sources(source()),
    ),
    Case("gb18218-alpha", graded(), graded(), graded(), people(100), people(99)),
    Case("gb30077-class", held_at(SMALL, 3), NOTHING, UNKNOWN_SIZE),
    Case(
        "gb30077-vehicles-1",
        held_at(LARGE, 1, *[WATER] * 3),
        held_at(LARGE, 1, *[WATER] * 2),
        held_at(None, 1),
    ),
    Case(
        "gb30077-vehicle-kinds-1",
        held_at(LARGE, 1, WATER | GAS, GAS | HAZMAT, WATER | HAZMAT),
        held_at(LARGE, 1, WATER, GAS, GAS),
        held_at(None, 1),
    ),
    Case("gb30077-vehicles-2", held_at(SMALL, 1, GAS), held_at(SMALL, 1), UNKNOWN_SIZE),
    Case("gb30077-fire-vehicle-2", held_at(SMALL, 1, WATER), held_at(SMALL, 1, GAS), UNKNOWN_SIZE),
    Case(
        "gb30077-gas-protection-2",
        held_at(SMALL, 1, GAS, units=TOXIC),
        held_at(SMALL, 1, WATER, units=TOXIC),
        UNKNOWN_SIZE,
    ),
    Case("gb30077-workplace-scba", stored("scba", "set", 2), stored("scba", "set", 1), NO_STORE),
    Case("gb30077-workplace-suits", stored("chemical-suit", "piece", 2), stored("scba", "set", 9), NO_STORE),
    Case(
        "gb30077-workplace-detectors", stored("gas-detector", "piece", 2), stored("scba", "set", 9), NO_STORE
    ),
    Case("gb30077-workplace-sorbent", stored("sorbent", "t", 0.2), stored("sorbent", "kg", 199), NO_STORE),
    Case("gb30077-workplace-hose", stored("hose", "m", 50), stored("hose", "m", 49), NO_STORE),
    Case("gb30077-spare-scba", stored("scba", "set", 2), stored("scba", "set", 1), NO_STORE),
    Case(
        "gb30077-spare-fire-suits", stored("fire-suit", "piece", 2), stored("fire-suit", "piece", 1), NO_STORE
    ),
    Case(
        "gb30077-spare-kit",
        stored("chemical-suit", "piece", 2),
        stored("chemical-suit", "piece", 1),
        NO_STORE,
    ),
    Case("drill-government-shiyan", drilled(date(2025, 3, 15)), drilled(date(2025, 3, 14)), NOTHING),
    Case(
        "drill-hazmat-708", drilled_at_works(date(2025, 9, 15)), drilled_at_works(date(2025, 9, 14)), NO_STORE
    ),
    Case("plan-revised", planned(date(2023, 3, 15)), planned(date(2023, 3, 14)), planned()),
    Case(
        "plan-revised-on-change",
        changed(date(2026, 1, 2)),
        changed(date(2026, 1, 1)),
        planned(date(2026, 1, 1)),
    ),
    Case("plan-cover", covering(None), covering(1, 2, 4), NOTHING),
    Case(
        "plan-filed",
        PLANS,
        replace(PLANS, plans=(PlanRecord("2", "fire plan", None, None), *PLANS.plans)),
        planned(),
    ),
    Case(
        "plan-drilled",
        drill_of("leak plan"),
        drill_of("fire plan"),
        planned(),
    ),
    Case("resource-survey", surveyed(TODAY, TODAY), surveyed(TODAY, None), surveyed(None)),
    Case(
        "accident-report-enterprise",
        replace(NOTHING, log=(incident(1, occurred_s=3600),)),
        replace(NOTHING, log=(incident(1, occurred_s=3600.5),)),
        replace(NOTHING, log=(incident(1),)),
    ),
    Case(
        "nfpa-1710-process",
        logged(10, lambda i: drive(order_s=64 if i else 900)),
        logged(10, lambda i: drive(order_s=64 if i > 1 else 65)),
        FEW,
    ),
    Case(
        "nfpa-1710-turnout-fire",
        logged(10, lambda i: drive(turnout_s=80 if i else 300)),
        logged(10, lambda i: drive(turnout_s=80 if i > 1 else 81)),
        FEW,
    ),
    Case(
        "nfpa-1710-turnout-ems",
        logged(10, lambda _: drive(profile="ambulance", turnout_s=60)),
        logged(10, lambda _: drive(profile="ambulance", turnout_s=61)),
        logged(10, lambda _: drive()),
    ),
    Case(
        "nfpa-1710-first-engine",
        logged(10, lambda _: drive(travel_s=240)),
        logged(10, lambda _: drive(travel_s=241)),
        FEW,
    ),
    Case(
        "nfpa-1710-full-alarm",
        logged(10, lambda _: drive(travel_s=480)),
        logged(10, lambda _: drive(travel_s=481)),
        FEW,
    ),
    Case("nfpa-1720-urban", staffed(15), staffed(14), staffed(15), people(1000), people(1000)),
    Case("nfpa-1720-suburban", staffed(10, 200), staffed(10, 201), staffed(10), people(999), people(500)),
    Case("nfpa-1720-rural", staffed(6, 440), staffed(5), staffed(6), people(499), people(0)),
    Case("hazmat-plant-density", graded(), graded(), graded(), people(4700), people(4800)),
)


@pytest.mark.parametrize("case", RECORD_CASES, ids=lambda case: case.code)
def test_a_clause_is_kept_broken_or_left_open(case: Case, centre: Centre) -> None:
    assert set(verdicts(centre, case.code, case.green, case.green_layers)) == {"green"}
    if case.code != "gb30077-class":
        assert "red" in verdicts(centre, case.code, case.red, case.red_layers)
    assert set(verdicts(centre, case.code, case.open)) == {"cannot-tell"}


@pytest.mark.parametrize("code", NEVER_TOLD)
def test_what_nothing_in_the_registry_decides_is_listed_with_what_would(code: str, centre: Centre) -> None:
    (only,) = found(centre, code, NOTHING)
    assert (only.verdict, only.subject.kind) == ("cannot-tell", "registry")
    assert len(only.said.en) > len("Cannot tell: .")
    assert only.said.zh.startswith("无法判定：")


def test_every_clause_either_has_somebody_who_judges_it_or_is_known_to_be_left_open() -> None:
    rules = shipped_rules()
    judged_by = {code for checker in CHECKERS for code in checker.codes(rules)}
    assert set(rules.by_code) - judged_by == set(NEVER_TOLD)


def test_an_empty_registry_has_a_word_on_every_clause_and_no_red(centre: Centre) -> None:
    record_codes = [case.code for case in RECORD_CASES]
    assert {verdict for code in record_codes for verdict in verdicts(centre, code, NOTHING)} == {
        "cannot-tell"
    }


def test_fifty_tonnes_of_chlorine_with_forty_of_ammonia_are_s_14_and_r_96(centre: Centre) -> None:
    (identified,) = found(centre, "gb18218-identified", graded())
    (level,) = found(centre, "gb18218-level", graded())
    assert (identified.value, level.value) == (14, 2)
    assert level.said.en == "R = 96 with alpha 2: level 2, recorded 2."


@pytest.mark.parametrize(("residents", "r", "level"), [(100, "96", 2), (30, "57.6", 2), (0, "24", 3)])
def test_fewer_residents_lower_alpha_and_so_r(residents: int, r: str, level: int, centre: Centre) -> None:
    unit = gb_unit(chlorine(), ammonia(), residents=residents)
    (found_level,) = found(centre, "gb18218-level", with_sources(source(units=(unit,))))
    assert found_level.value == level
    assert f"R = {r} " in found_level.said.en


def test_a_unit_may_be_major_though_no_substance_reaches_its_own_threshold(centre: Centre) -> None:
    phosgene = replace(chlorine(0.2, 0.3, 20), name="光气", cas="75-44-5")
    unit = gb_unit(phosgene, chlorine(4), grade=None)
    (identified,) = found(centre, "gb18218-identified", with_sources(source(units=(unit,))))
    assert identified.verdict == "red"
    assert identified.value == pytest.approx(1.467, abs=0.001)


def test_the_strictest_of_two_rules_on_drills_is_judged_and_the_other_is_not(centre: Centre) -> None:
    assert verdicts(centre, "drill-government-708", drilled(date(2024, 6, 1))) == []
    assert verdicts(centre, "drill-hazmat-shiyan", drilled_at_works(date(2025, 6, 1))) == []
    assert shipped_rules().stricter == {
        "drill-government-708": "drill-government-shiyan",
        "drill-hazmat-shiyan": "drill-hazmat-708",
    }


def test_without_the_stricter_plan_two_years_are_enough_for_the_government(centre: Centre) -> None:
    lax = [clause for clause in shipped_clauses() if not clause.code.endswith("shiyan")]
    rules = replace(rules_of(tuple(lax)), wanted=frozenset(["drill-government-708"]))
    (only,) = judged(ground(centre, drilled(date(2024, 6, 1))), rules, lambda _: None)
    assert (only.verdict, only.value) == ("green", 22)


def test_a_drill_still_to_come_counts_for_nothing(centre: Centre) -> None:
    assert verdicts(centre, "drill-government-shiyan", drilled(date(2026, 4, 1))) == ["red"]


def test_a_year_of_drills_by_others_leaves_the_government_without_one(centre: Centre) -> None:
    (only,) = found(centre, "drill-government-shiyan", drilled(TODAY, "team"))
    assert (only.verdict, only.value) == ("red", None)
    assert only.said.en.startswith("No drill is on record")


def test_a_finding_tells_value_threshold_and_the_sentence_in_both_languages(centre: Centre) -> None:
    (only,) = found(centre, "drill-government-shiyan", drilled(date(2025, 3, 14)))
    assert only.said.en == "Since the last drill, on 2025-03-14: 13 months, at most 12 months asked."
    assert only.said.zh == "距上次演练（2025-03-14）：13 个月，要求不超过 12 个月。"


def test_an_accident_at_no_enterprise_is_nobody_s_to_report(centre: Centre) -> None:
    elsewhere = replace(incident(1, occurred_s=9000), enterprise=None)
    (only,) = found(centre, "accident-report-enterprise", replace(NOTHING, log=(elsewhere,)))
    assert only.said.en == "Cannot tell: no real incident at an enterprise is on the log."


def test_what_has_no_place_in_the_log_does_not_count_toward_a_percentile(centre: Centre) -> None:
    (only,) = found(centre, "nfpa-1710-turnout-ems", logged(10, lambda _: drive()))
    assert "0 of the 10 that 90 % needs" in only.said.en


def test_a_class_2_enterprise_without_highly_toxic_goods_needs_no_gas_protection(centre: Centre) -> None:
    assert verdicts(centre, "gb30077-gas-protection-2", held_at(SMALL, 1, WATER)) == ["cannot-tell"]


def test_a_small_headcount_alone_tells_the_class_since_the_lower_size_decides(centre: Centre) -> None:
    (only,) = found(centre, "gb30077-class", held_at(SMALL, 1))
    assert only.value == 2
