"""``rescuegrid simulate`` on the river town: leaks at a tank farm on the quay, and who comes for them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.answering import choose, search
from api.dispatching import picture_of_call
from api.long_work import TooLargeError
from api.needs import NeedsAsked
from api.simulating.asked import BaseNamed, Runs, SimulationAsked
from api.simulating.fleet import fleet_of
from api.simulating.plans import Told, simulate_plans
from api.simulating.rule import ELSEWHERE, ProductRule
from api.simulating.runs import TOWN_SEED, Job, RunDone, calls_of_run, chance, play
from api.simulating.town import read_town
from data.candidates import FREE
from data.models import Tier, VehicleProfile
from data.registry import NewIncident, Share
from geo.errors import InvalidInputError
from routing.simulation import Standing
from tests.api.planning import refused, run, said, use
from tests.api.test_incidents import Json
from tests.decision_town import Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import QUAY

PLACES = "where,counted,weight,basis\ngrade-1,each,1,counted\n"
KINDS = (
    "where,kind,severity,weight,scene_median_min,scene_p90_min,basis\n"
    "source,chemical-leak,2,1,60,120,counted\n"
)
NEAR_QUAY = f"Quay={up_mill_road(300).lon},{up_mill_road(300).lat}"
FEW = ("--days", 4, "--runs", 4, "--calls-per-day", 3)
COVER = ("--standard", "cover-grade-1")


@pytest.fixture(autouse=True)
def works(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a hazmat crew over the bridge, 18 minutes from the tank farm, and rescuers nearby."""
    use(town, monkeypatch)
    town.site("tank farm", QUAY, 1)
    town.write(
        Crew("east", over_the_bridge(10_000), {"hazmat": 2, "detection": 2}),
        Crew("west", up_mill_road(1000), {"rescue": 5}),
    )


@pytest.fixture
def tables(tmp_path: Path) -> tuple[object, ...]:
    """Write a city's own tables: nothing but leaks at the tank farm."""
    places, kinds = tmp_path / "places.csv", tmp_path / "kinds.csv"
    places.write_text(PLACES, encoding="utf-8")
    kinds.write_text(KINDS, encoding="utf-8")
    return ("--call-places", places, "--call-kinds", kinds)


def by_name(answer: Json) -> dict[str, Json]:
    """Return the measures of an answer by name."""
    return {one["name"]: one for one in answer["measures"]}


def test_a_base_at_the_quay_brings_every_leak_into_time(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    answer = said(capsys, "simulate", *COVER, "--base", NEAR_QUAY, *FEW, *tables)
    in_time = by_name(answer)["in_time"]
    assert [plan["mean"] for plan in in_time["plans"]] == [0, pytest.approx(0.9, abs=0.1)]
    assert in_time["verdict"].startswith("better by ")
    assert (answer["in_two_places"], answer["unproved"]) == (0, 0)
    assert answer["calls"] == answer["judged"]
    assert answer["new_bases"][0]["holds"].startswith("heavy-hazmat-truck, hazmat@2, crew of 6, 60 s")
    assert [base["plans"][0] is None for base in answer["bases"] if base["name"] == "Quay"] == [True]


def test_the_first_capable_arrival_is_turnout_and_driving(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    answer = said(
        capsys, "simulate", "--seconds", 200, "--days", 2, "--runs", 2, "--calls-per-day", 1, *tables
    )
    found = by_name(answer)
    assert found["mean_first_s"]["plans"][0]["mean"] == pytest.approx(60 + 100, abs=1)
    assert found["in_time"]["plans"][0]["mean"] == 1
    assert found["in_time"]["difference"] is None
    assert answer["plans"] == ["A: what stands"]


def test_the_same_seed_says_the_same_for_one_process_and_for_two_and_another_seed_another(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    asked = ("--seconds", 900, "--base", NEAR_QUAY, *FEW, *tables)
    alone, in_two, otherwise = (
        said(capsys, "simulate", *asked, *more) for more in ((), ("--workers", 2), ("--seed", 2))
    )
    assert alone == in_two
    assert alone["measures"] != otherwise["measures"]


def test_a_base_may_hold_something_else_than_the_standard_asks_for(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    asked = ("simulate", *COVER, "--base", NEAR_QUAY, "--need", "medical@1")
    in_time = by_name(said(capsys, *asked, *FEW, *tables))["in_time"]
    assert [plan["mean"] for plan in in_time["plans"]] == [0, 0]


def test_a_base_that_changes_nothing_shows_no_difference(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    far = over_the_bridge(10_100)
    answer = said(
        capsys,
        "simulate",
        "--seconds",
        900,
        *("--base", f"Far={far.lon},{far.lat}", "--need", "mine-rescue@1"),
        *FEW,
        *tables,
    )
    assert {one["verdict"] for one in answer["measures"]} == {"no difference: every run came out the same"}


def test_a_person_reads_intervals_verdicts_and_what_is_assumed(
    capsys: pytest.CaptureFixture[str], tables: tuple[object, ...]
) -> None:
    assert run("simulate", "--roads", "river", *COVER, "--base", NEAR_QUAY, *FEW, *tables) == 0
    printed = capsys.readouterr()
    assert "4 runs of about 15 calls under two plans, 120 answers: about" in printed.err
    for words in ("better by", "95 %", "units in two places: 0", "warm-up", "Busy fraction by base"):
        assert words in printed.out


def test_the_shipped_assumptions_serve_a_town_of_sources_and_streets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = said(capsys, "simulate", "--seconds", 900, "--days", 1, "--runs", 2, "--calls-per-day", 20)
    assert answer["calls"] > 5
    assert any("assumed" in note for note in answer["notes"])


def rule_of(town: Town, kinds: Path, places: Path) -> ProductRule:
    """Return the rule of a simulation of leaks at the tank farm."""
    asked = SimulationAsked(seconds=900, calls_per_day=5, runs=Runs(1, 1), places=places, kinds=kinds)
    read = read_town(asked, town.centre, chance(1, TOWN_SEED))
    spots = town.centre.roads.index.snap(read.spots.lon, read.spots.lat)
    fleet = fleet_of("A", read.board.units, spots, town.centre.roads)
    return ProductRule(read, fleet, calls_of_run(read, asked, 0))


def many_crews(town: Town) -> None:
    """Write crews of every kind the rule knows: guards, other authorities, lapsed, out of service."""
    town.site("works", over_the_bridge(9000), 1)
    town.authority("neighbour", approval_s=300)
    town.write(
        Crew("guard", over_the_bridge(9000), {"hazmat": 2, "rescue": 4}, guards="works"),
        Crew("second guard", over_the_bridge(9000), {"rescue": 4}, guards="works"),
        Crew("own team", QUAY, {"rescue": 2}, guards="tank farm", tier=Tier.ENTERPRISE_PART_TIME),
        Crew("neighbours", up_mill_road(400), {"medical": 4, "rescue": 2}, authority="neighbour"),
        Crew("lapsed", up_mill_road(100), {"hazmat": Share(quantity=2, valid_until=date(2020, 1, 1))}),
        Crew("broken", up_mill_road(50), {"hazmat": 3}, in_service=False),
        Crew("medics", up_mill_road(1500), {"medical": 3}, vehicle=VehicleProfile.AMBULANCE),
        Crew("twins a", up_mill_road(700), {"rescue": 6, "decontamination": 20}),
        Crew("twins b", up_mill_road(700), {"rescue": 6, "decontamination": 20}),
    )


def test_the_rule_sends_whom_the_product_would_whoever_is_free(town: Town, tables: tuple[Path, ...]) -> None:
    many_crews(town)
    rule = rule_of(town, tables[3], tables[1])
    call_at, at_quay = next(
        (number, site)
        for number, spot in enumerate(rule.calls.place.tolist())
        if (site := rule.town.spots.site[spot]) is not None and site.name == "tank farm"
    )
    call = NewIncident(
        kind="chemical-leak",
        severity=2,
        place=QUAY,
        reported_at=rule.town.board.read_at,
        reported_by="desk",
        hazard_source_id=at_quay.id,
    )
    picture = picture_of_call(call, NeedsAsked(), town.centre)
    random = np.random.default_rng(3)
    for _ in range(12):
        free = random.random(len(picture.units.id)) < 0.7
        busy = np.where(free, picture.units.busy_with, ELSEWHERE)
        state = np.where(free, FREE, "en-route").astype(np.object_)
        seen = replace(picture, units=replace(picture.units, busy_with=busy, busy_state=state))
        sending = choose(seen, search(seen, town.centre.settings), town.centre.settings).sending
        rule = replace(rule, memory={})
        sent = rule.send(call_at, Standing(picture.local.hour * 3600.0, free, {}))
        assert [order.unit for order in sent.orders] == sending.sent.tolist()
        assert [order.turnout_s + order.drive_s for order in sent.orders] == pytest.approx(
            sending.offers.arrival_s[sending.together.sent].tolist()
        )
        assert sent.met_in_s == pytest.approx(float(sending.together.met_at_s.max()))


def test_a_call_that_waits_is_sent_more_only_where_less_is_missing(
    town: Town, tables: tuple[Path, ...]
) -> None:
    town.write(
        Crew("later", up_mill_road(500), {"rescue": 5}), Crew("useless", up_mill_road(500), {"pumping": 9})
    )
    rule = rule_of(town, tables[3], tables[1])
    units = rule.fleet.units.name.tolist()
    free = np.array([name not in ("later", "useless") for name in units])
    first = rule.send(0, Standing(0.0, free, {}))
    gone = {order.unit: order.turnout_s + order.drive_s for order in first.orders}
    assert [units[unit] for unit in gone] == ["west", "east"]
    none_free = np.zeros(len(units), dtype=np.bool_)
    assert rule.send(0, Standing(10.0, none_free, gone)).orders == ()
    later = np.array([name in ("later", "useless") for name in units])
    again = rule.send(0, Standing(20.0, later, gone))
    assert [units[order.unit] for order in again.orders] == ["later"]
    assert [rule.helps(0, units.index(name)) for name in ("later", "useless")] == [True, False]


def test_no_unit_is_in_two_places_when_calls_press(town: Town, tables: tuple[Path, ...]) -> None:
    many_crews(town)
    rule = rule_of(town, tables[3], tables[1])
    asked = SimulationAsked(seconds=900, calls_per_day=30, runs=Runs(1, 1))
    job = Job(rule.town, (rule.fleet,), asked)
    calls = calls_of_run(rule.town, asked, 0)
    record, _ = play(job, rule.fleet, calls, {})
    trips = record.trips
    assert len(trips) > 30
    assert record.waited.any()
    for unit in np.unique(trips.unit):
        own = trips.unit == unit
        order = np.argsort(trips.ordered_s[own])
        assert (trips.ordered_s[own][order][1:] >= trips.back_s[own][order][:-1]).all()


def test_whoever_interrupts_gets_no_figures(town: Town, tables: tuple[Path, ...]) -> None:
    asked = SimulationAsked(seconds=900, calls_per_day=3, runs=Runs(1, 4), places=tables[1], kinds=tables[3])

    def interrupted(done: Iterable[RunDone], _: int) -> Iterator[RunDone]:
        yield next(iter(done))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_plans(asked, town.centre, Told(lambda _: None, interrupted))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "standard: give --standard CODE or --seconds S, one of them"),
        (("--standard", "nfpa"), "standard: there is no standard 'nfpa'"),
        (("--seconds", 0), "seconds: must be a finite number above zero"),
        (("--seconds", 900, "--calls-per-day", -1), "calls-per-day: must be a finite number above zero"),
        (("--seconds", 900, "--days", 0), "days: must be a whole number from one up"),
        (("--seconds", 900, "--workers", 1000), "workers: 1000 is more than four for each processor"),
        (("--seconds", 900, "--runs", 10_000_000), "runs: more than 5,000,000 calls"),
        (("--seconds", 900, "--base", "nowhere"), "base: 'nowhere' is not NAME=LON,LAT"),
        (("--seconds", 900, "--base", "Sea=0,0"), "base: Sea is "),
        (("--seconds", 900, "--base", f"east={QUAY.lon},{QUAY.lat}"), "base: 'east' stands already"),
        (("--seconds", 900, "--base", NEAR_QUAY, "--base", NEAR_QUAY), "base: two bases have one name"),
        (("--seconds", 900, "--need", "flying@2"), "there is no capability 'flying'"),
        (("--seconds", 900, "--seed", -1), "seed: must be from 0"),
        (("--seconds", 900, "--base", NEAR_QUAY, "--profile", "sledge"), "'sledge'"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[object, ...], words: str
) -> None:
    assert run("simulate", "--roads", "river", *options) == 2
    assert words in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("--call-places", "where\ngrade-1\n", "no rows with a column 'counted'"),
        ("--call-places", PLACES.replace("grade-1", "moon"), "row 2, where: 'moon' is none of grade-1"),
        (
            "--call-places",
            PLACES.replace(",1,", ",-1,"),
            "row 2, weight: '-1' is not a finite number",
        ),
        ("--call-places", PLACES.replace("grade-1", "grade-4"), "call-places: no place that the table names"),
        ("--call-kinds", KINDS.replace("leak,2", "leak,9"), "row 2, severity: '9' is none of 1, 2, 3, 4"),
        ("--call-kinds", KINDS.replace("120", "30"), "row 2, scene_p90_min: 30 is below the median, 60"),
        ("--call-kinds", KINDS.replace("chemical-leak", "ufo"), "'ufo'"),
    ],
)
def test_a_table_with_a_wrong_row_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, text: str, words: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert words in refused(capsys, "simulate", "--seconds", 900, file, path)


def test_a_town_without_anybody_in_service_is_refused(capsys: pytest.CaptureFixture[str], town: Town) -> None:
    town.empty()
    assert "nobody could be sent" in refused(capsys, "simulate", "--seconds", 900)


def test_more_than_memory_holds_is_refused_before_it_begins(town: Town) -> None:
    asked = SimulationAsked(seconds=900, calls_per_day=4_900_000, runs=Runs(1, 1, 1, 1))
    with pytest.raises((TooLargeError, InvalidInputError), match="take about"):
        simulate_plans(asked, town.centre, Told(lambda _: None, lambda done, _: iter(done)))


def test_a_base_is_read_by_its_last_equals_sign() -> None:
    assert BaseNamed.parse("A=B=114.3,30.6").name == "A=B"
    assert json.dumps(BaseNamed.parse("北=114.3,30.6").place.lon) == "114.3"
