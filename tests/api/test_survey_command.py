"""``rescuegrid survey`` on the river town: all streets are driven at ten metres a second."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point
from sqlalchemy import delete, update

from data.database import transaction
from data.models import HazardKind, HazardSource, RescueBase, ResponsePlan, Team
from data.registry import NewHazardSource, NewStock, Share, add_hazard_sources
from geo.grading import GbUnit, Substance
from tests.api.planning import by_name, refused, run, said, use
from tests.api.test_incidents import Json
from tests.decision_town import Crew, Town, up_mill_road
from tests.river_town import ISLAND, QUAY

TODAY = datetime.now(UTC).date()
CHLORINE, METHANOL = Substance("氯", None, "J1", 10.0), Substance("甲醇", None, "W5.3", 10_000.0)
WHOLE_CREW = Share(quantity=2, crew=6)


@pytest.fixture(autouse=True)
def command(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on the town: a leak of grade 1 needs hazmat 2, 8 rescuers and 500 kg sorbent."""
    use(town, monkeypatch)
    town.plan(
        "leak",
        severity=1,
        grade=1,
        needs=({"capability": "hazmat", "quantity": 2}, {"capability": "rescue", "quantity": 8}),
        supplies=({"item": "sorbent", "quantity": 500, "unit_of_measure": "kg"},),
    )
    town.plan("small leak", severity=1, grade=2, needs=({"capability": "rescue", "quantity": 1},))


def run_by(town: Town, enterprise: str, name: str, grade: int | None, *held: Substance) -> None:
    """Write a plant at the quay that an enterprise runs, and what it holds."""
    row = NewHazardSource(
        name=name,
        kind="chemical-plant",
        enterprise=enterprise,
        place=Point(QUAY.lon, QUAY.lat),
        gb_units=tuple(GbUnit(each.name, 0, (each,)) for each in held),
    )
    with transaction(town.centre.sessions) as session:
        add_hazard_sources(session, [row])
        session.execute(update(HazardSource).where(HazardSource.name == name).values(grade=grade))


def needs_of(source: Json) -> dict[str, tuple[float, float, float, float | None]]:
    """Return what is needed, available, missing and complete of each need of a source."""
    rows = [*source["capabilities"], *source["supplies"]]
    return {
        row.get("label") or row["item"]: (
            row["needed"],
            row["available"],
            row["missing"],
            row["complete_s"] and round(row["complete_s"]),
        )
        for row in rows
    }


def stock(quantity: float, minimum: float = 0.0, **terms: object) -> NewStock:
    return NewStock.model_validate(
        {"item": "sorbent", "unit_of_measure": "kg", "quantity": quantity, "minimum": minimum} | terms
    )


def test_a_crew_that_fills_one_role_is_missing_in_the_other(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("tank farm", QUAY, 1)
    town.write(
        Crew("hazmat crew", up_mill_road(1000), {"hazmat": WHOLE_CREW, "rescue": 6}),
        Crew("rescuers", up_mill_road(2000), {"rescue": 6}),
    )
    (source,) = said(capsys, "survey")["sources"]
    assert source["plan"] == "leak"
    assert needs_of(source) == {
        "hazmat": (2, 2, 0, 160),
        "rescue": (8, 12, 2, None),
        "sorbent": (500, 0, 500, None),
    }
    assert (source["gaps"], round(source["first_s"])) == (2, 160)


def test_who_comes_too_late_does_not_count(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.site("tank farm", QUAY, 1)
    town.write(
        Crew("near", up_mill_road(1000), {"rescue": 6}),
        Crew("far", up_mill_road(2000), {"rescue": 6}),
        Crew("broken", up_mill_road(100), {"rescue": 6}, in_service=False),
    )
    near = needs_of(said(capsys, "survey", "--within-s", 200)["sources"][0])
    both = needs_of(said(capsys, "survey", "--within-s", 300)["sources"][0])
    assert (near["rescue"], both["rescue"]) == ((8, 6, 2, None), (8, 12, 0, 260))


def test_a_crew_under_an_agreement_comes_as_promised_and_without_one_after_the_approval(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("tank farm", QUAY, 2)
    town.authority("neighbour", approval_s=500)
    town.write(Crew("neighbours", up_mill_road(1000), {"rescue": 6}, authority="neighbour"))
    asked = needs_of(said(capsys, "survey")["sources"][0])
    town.agree("neighbour", "aid 1", mobilise_within_s=90)
    promised = needs_of(said(capsys, "survey")["sources"][0])
    assert (asked["rescue"][3], promised["rescue"][3]) == (60 + 500 + 100, 90 + 100)


def test_fresh_stock_above_the_minimum_counts_and_production_is_told_apart(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("tank farm", QUAY, 1)
    town.store(
        "depot",
        up_mill_road(1000),
        stock(300, 50),
        stock(400, batch="old", expires_on=TODAY - timedelta(days=9)),
        stock(700, batch="works", available_after_s=7200),
    )
    town.store("shelf", up_mill_road(500), stock(100), delivers=False)
    (sorbent,) = said(capsys, "survey")["sources"][0]["supplies"]
    assert (sorbent["available"], sorbent["to_fetch"], sorbent["missing"]) == (350, 100, 150)
    assert (sorbent["producible"], sorbent["produced_from_s"]) == (700, 7200)
    assert run("survey", "--roads", "river") == 0
    assert "sorbent 150 of 500 kg; 700 can be made from 2:00:00" in capsys.readouterr().out


def test_sources_that_lack_something_come_first_the_gravest_before(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write(Crew("rescuers", up_mill_road(2000), {"rescue": 6}))
    town.site("equipped", QUAY, 2)
    town.site("island works", ISLAND, 2)
    town.site("tank farm", QUAY, 1)
    town.site("filling station", QUAY)
    answer = said(capsys, "survey")
    assert [source["name"] for source in answer["sources"]] == ["tank farm", "island works", "equipped"]
    assert answer["summary"]["equipped"] == {"good": 1, "of": 3, "percent": 33.3}


def test_the_plan_that_names_what_a_source_holds_speaks_for_it(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    run_by(town, "works", "chlorine works", 3, METHANOL, CHLORINE)
    run_by(town, "works", "methanol works", 3, METHANOL)
    plans = {name: source["plan"] for name, source in by_name(said(capsys, "survey")).items()}
    assert plans == {
        "chlorine works": "chemical-leak chlorine (default)",
        "methanol works": "chemical-leak severity 1 (default)",
    }


def test_enterprises_without_a_team_or_an_agreement_come_first_the_gravest_before(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for enterprise, grade in (("guarded", 1), ("agreed", 1), ("small", None), ("bare", 2), ("lapsed", 1)):
        run_by(town, enterprise, f"{enterprise} plant", grade)
    town.write(Crew("own crew", QUAY, {"rescue": 6}, guards="guarded plant"))
    for enterprise, until in (("agreed", None), ("lapsed", date(2025, 6, 30))):
        town.authority(enterprise, approval_s=60)
        town.agree(enterprise, f"{enterprise} 1", valid_until=until)
    answer = said(capsys, "survey")
    assert [(row["name"], row["provided"]) for row in answer["enterprises"]] == [
        ("lapsed", False),
        ("bare", False),
        ("small", False),
        ("agreed", True),
        ("guarded", True),
    ]
    lapsed, *_, guarded = answer["enterprises"]
    assert (lapsed["lapsed"], guarded["teams"]) == (["lapsed 1"], ["own crew"])
    assert answer["summary"]["provided"] == {"good": 2, "of": 5, "percent": 40.0}
    assert f"Agreements count as of {answer['day']}." in answer["notes"]


def test_rows_never_verified_come_before_those_verified_long_ago_and_the_share_is_told(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("tank farm", QUAY, 2)
    town.write(Crew("crew", up_mill_road(1000), {"rescue": 6}))
    with transaction(town.centre.sessions) as session:
        for table, days in ((RescueBase, 10), (Team, 400)):
            day = TODAY - timedelta(days=days)
            session.execute(update(table).values(verified_on=day, verified_by="Li"))
    answer = said(capsys, "survey")
    assert [(row["table"], row["verified_by"]) for row in answer["unverified"]] == [
        ("hazard_source", None),
        ("unit", None),
        ("team", "Li"),
    ]
    shares = {row["table"]: (row["percent_verified"], row["percent_current"]) for row in answer["tables"]}
    assert shares == {"hazard_source": (0, 0), "team": (100, 0), "unit": (0, 0), "rescue_base": (100, 100)}
    assert (answer["summary"]["verified"]["percent"], answer["summary"]["current"]["percent"]) == (50, 25)
    patient = said(capsys, "survey", "--stale-days", 500)
    assert patient["summary"]["current"]["percent"] == 50


def test_the_table_shows_twenty_and_tells_how_many_more(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(23):
        run_by(town, f"enterprise {number:02d}", f"plant {number:02d}", 1)
    assert run("survey", "--roads", "river") == 0
    printed = capsys.readouterr().out
    assert printed.count("and 3 more") == 3
    assert "enterprise 19" in printed
    assert "enterprise 20" not in printed


def test_layers_and_the_map_are_written(
    town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    town.site("tank farm", QUAY, 1)
    town.write(Crew("rescuers", up_mill_road(2000), {"rescue": 6}))
    town.store("depot", up_mill_road(1000), stock(300))
    layers, page = tmp_path / "survey.gpkg", tmp_path / "survey.html"
    assert run("survey", "--roads", "river", "--out", layers, "--map", page) == 0
    assert "bases and depots" in capsys.readouterr().err
    assert {str(name) for name, _ in pyogrio.list_layers(layers)} == {
        "sources",
        "needs",
        "bases",
        "depots",
        "enterprises",
        "unverified",
    }
    (source,) = gpd.read_file(layers, layer="sources").to_dict("records")
    assert (source["name"], source["gaps"]) == ("tank farm", 3)
    assert "rescue 2 of 8" in source["lacks"]
    assert "hazard grade-1 uncovered" in page.read_text(encoding="utf-8")


def test_with_nobody_in_the_registry_everything_is_missing(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("tank farm", QUAY, 1)
    (source,) = said(capsys, "survey")["sources"]
    assert needs_of(source) == {
        "hazmat": (2, 0, 1, None),
        "rescue": (8, 0, 8, None),
        "sorbent": (500, 0, 500, None),
    }
    assert source["first_s"] is None
    assert run("survey", "--roads", "river") == 0
    assert "hazmat ≥ 2: the best is 0" in capsys.readouterr().out


def test_where_no_plan_fits_nobody_knows_what_a_source_needs_and_that_is_a_gap(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    of_kind = {"fireworks": town.site("fireworks store", QUAY, 1), "bakery": town.site("bakery", QUAY, 2)}
    with transaction(town.centre.sessions) as session:
        session.execute(delete(ResponsePlan).where(ResponsePlan.incident_kind == "explosion"))
        session.add(HazardKind(code="bakery", name_en="Bakery", name_zh="面包房"))
        session.flush()
        for kind, number in of_kind.items():
            session.execute(update(HazardSource).where(HazardSource.id == number).values(kind=kind))
    answer = said(capsys, "survey")
    assert [(source["plan"], source["gaps"], source["why_none"]) for source in answer["sources"]] == [
        (None, 1, "no response plan fits explosion, severity 1"),
        (None, 1, "no kind of incident is known to fit a bakery"),
    ]
    assert answer["summary"]["equipped"]["percent"] == 0
    assert run("survey", "--roads", "river") == 0
    assert "no response plan fits explosion" in capsys.readouterr().out


def test_where_no_source_has_a_grade_there_is_nothing_to_equip(
    town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    town.site("filling station", QUAY)
    answer = said(capsys, "survey")
    assert answer["sources"] == []
    assert answer["summary"]["equipped"] == {"good": 0, "of": 0, "percent": None}
    layers, page = tmp_path / "survey.gpkg", tmp_path / "survey.html"
    assert run("survey", "--roads", "river", "--out", layers, "--map", page) == 0
    assert "no graded source" in page.read_text(encoding="utf-8")
    assert "enterprises" in {str(name) for name, _ in pyogrio.list_layers(layers)}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "the registry holds no hazard source"),
        (("--within-s", 0), "within_s: 0 must be above 0"),
        (("--within-s", "nan"), "within_s: nan must be above 0"),
        (("--stale-days", 0), "stale_days: 0 must be at least 1"),
    ],
)
def test_what_cannot_be_surveyed_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[object, ...], sentence: str
) -> None:
    assert sentence in refused(capsys, "survey", *options)
