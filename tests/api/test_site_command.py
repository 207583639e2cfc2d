"""
``rescuegrid site`` on the river town, with answers a person can work out.

All streets are driven at ten metres a second and every base takes a minute to turn out. The west base, which
alone holds hazmat 2, reaches the mill in 160 s, the quay in 260, the works up the west bank in 660 and those
on the east bank, over the bridge, in 1,180. A base on the east field would reach the east works in 260 s and
the north works in 380; one on the north field the north works in 110 s and the east works in 530; one at the
bridge's end the north works in 180 s and the east works in 460.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, box
from sqlalchemy import update

from api.cli import main
from data.database import transaction
from data.models import HazardSource
from data.registry import NewHazardSource, add_hazard_sources
from geo.places import Place
from tests.api.planning import said
from tests.api.test_incidents import Json
from tests.decision_town import BRIDGE, Crew, Town, up_mill_road
from tests.river_town import ISLAND, QUAY
from tests.towns import spot

EAST_FIELD, NORTH_FIELD, BRIDGE_END = spot(200, 3000), spot(0, 4500), spot(200, 5000)
ASKED = ("site", "--roads", "river", "--no-map")
FIELDS = {"east field": EAST_FIELD, "north field": NORTH_FIELD, "bridge end": BRIDGE_END}
COSTS = {"east field": 3, "north field": 2, "bridge end": 4}


@pytest.fixture(autouse=True)
def settled(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Settle the town: one base with hazmat 2, one without, and a source of each level."""
    bind = town.centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(town.centre.settings.var))
    monkeypatch.setenv("COLUMNS", "200")
    town.write(
        Crew("west base", up_mill_road(2000), {"hazmat": 2}),
        Crew("medics", up_mill_road(1000), {"medical": 3}),
    )
    town.site("east works", Place(*spot(200, 1000)), 1)
    town.site("quay works", QUAY, 2)
    town.site("north works", Place(*spot(0, 4000)), 3)
    town.site("mill", up_mill_road(1000), 4)
    return town


@pytest.fixture
def fields(tmp_path: Path) -> Path:
    """Write the three fields where one could build, without a cost."""
    return written(tmp_path / "fields.csv", "name,lon,lat", {name: (*at,) for name, at in FIELDS.items()})


@pytest.fixture
def priced(tmp_path: Path) -> Path:
    """Write the three fields with their costs: 3 in the east, 2 in the north, 4 at the bridge."""
    rows = {name: (*at, COSTS[name]) for name, at in FIELDS.items()}
    return written(tmp_path / "priced.csv", "name,lon,lat,cost", rows)


def written(path: Path, head: str, rows: Mapping[str, Sequence[float]]) -> Path:
    lines = [",".join((name, *map(str, values))) for name, values in rows.items()]
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return path


def run(*options: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*ASKED, *(str(option) for option in options)])
    return int(ended.value.code or 0)


def answered(capsys: pytest.CaptureFixture[str], *options: object) -> Json:
    assert run(*options, "--json") == 0
    said: Json = json.loads(capsys.readouterr().out)
    return said


def by_level(plan: Json) -> dict[int, float]:
    return {each["grade"]: each["reached"] for each in plan["grades"]}


def builds(plans: list[Json]) -> list[str]:
    return [" + ".join(plan["sites"]) for plan in plans]


def shape_on_the_map(town: Town, name: str, shape: LineString | object, grade: int) -> None:
    row = NewHazardSource(name=name, kind="chemical-plant", enterprise="works", place=shape)
    with transaction(town.centre.sessions) as session:
        add_hazard_sources(session, [row])
        session.execute(update(HazardSource).where(HazardSource.name == name).values(grade=grade))


def test_today_is_what_the_one_base_with_hazmat_reaches(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields)
    assert by_level(said["today"]) == {1: 0, 2: 1, 3: 0, 4: 1}
    assert said["today"]["latest"]["source"] == "east works"
    assert said["today"]["latest"]["arrival_s"] == pytest.approx(1180, abs=2)
    assert [site["kind"] for site in said["sites"]] == ["existing", "new", "new", "new"]


def test_level_one_comes_first_and_every_option_has_its_place(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields)
    assert builds(said["top"]) == ["east field", "bridge end", "north field"]
    assert by_level(said["best"]) == {1: 1, 2: 1, 3: 0, 4: 1}
    assert said["runner_up"]["sites"] == ["bridge end"]
    latest = [plan["latest"]["arrival_s"] for plan in said["top"]]
    assert latest == pytest.approx([380, 460, 530], abs=2)
    assert said["options"] == 3
    assert said["proof"]["proved"]


def test_two_bases_reach_everything_and_no_fewer_do(fields: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--new", 2, "--seconds", 300, "--candidates", fields)
    assert sorted(said["best"]["sites"]) == ["east field", "north field"]
    assert said["best"]["keeps_standard"]
    assert said["best"]["latest"]["arrival_s"] == pytest.approx(260, abs=2)
    assert said["needed"]["number"] == 2
    assert said["needed"]["unreachable"] == []
    assert said["needed"]["model"]["proof"]["proved"]


def test_the_front_trades_cover_for_a_sooner_latest_arrival(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 120, "--candidates", fields)
    assert builds(said["front"]) == ["north field", "east field"]
    assert [plan["letter"] for plan in said["plans"]] == ["A", "B", "C"]
    assert [plan["why"].split(",")[0] for plan in said["plans"]] == [
        "most cover",
        "soonest latest arrival",
        "what stands today",
    ]


def test_what_no_site_reaches_is_named_with_the_smallest_standard_that_would_do(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 200, "--candidates", fields)
    assert said["needed"]["unreachable"] == ["east works", "quay works"]
    assert said["needed"]["smallest_standard_s"] == pytest.approx(260, abs=2)
    assert run("--new", 1, "--seconds", 200, "--candidates", fields) == 0
    assert "No choice reaches everything: east works, quay works lie out of reach" in capsys.readouterr().out


def test_where_no_road_leads_no_standard_would_do(
    settled: Town, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settled.site("island store", ISLAND, 4)
    said = answered(capsys, "--new", 2, "--seconds", 300, "--candidates", fields)
    assert said["never_reached"] == ["island store"]
    assert said["needed"]["later_s"] is None
    assert said["best"]["latest"]["arrival_s"] == pytest.approx(260, abs=2), "the others are still told apart"
    assert run("--new", 2, "--seconds", 300, "--candidates", fields) == 0
    assert "no standard would do, for no road leads to some of them" in capsys.readouterr().out


def test_a_budget_leaves_out_what_is_too_dear_and_an_upgrade_is_a_candidate(
    priced: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--new", 2, "--seconds", 300, "--candidates", priced, "--upgrade", 1, "--budget", 2)
    said = answered(capsys, *asked, "--why-not", "east field", "--why-not", "west base")
    assert {site["name"]: site["kind"] for site in said["sites"]}["medics"] == "upgrade"
    assert said["best"]["sites"] == ["north field"], "one is enough where a second adds nothing"
    assert said["best"]["cost"] == 2
    assert [each["sentence"] for each in said["why_not"]] == [
        "no option with it keeps within the budget",
        "it stands already",
    ]


def test_upgrading_the_medics_reaches_the_quay_in_time(
    fields: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = written(tmp_path / "costs.csv", "name,cost", {"medics": (0.5,)})
    asked = ("--new", 1, "--seconds", 200, "--candidates", fields, "--site-cost", 1, "--upgrade", costs)
    said = answered(capsys, *asked)
    assert said["best"]["sites"] == ["medics"]
    assert by_level(said["best"]) == {1: 0, 2: 1, 3: 0, 4: 1}


def test_a_need_is_written_with_an_at_sign_or_an_equals_sign(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--new", 1, "--seconds", 300, "--candidates", fields)
    said = [
        answered(capsys, *asked, "--need", need)["question"]["needs"] for need in ("medical@3", "medical=3")
    ]
    assert said == ["medical at level 3 or more"] * 2


def test_why_not_says_what_the_site_would_lose(fields: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields, "--why-not", "bridge end")
    sentence = said["why_not"][0]["sentence"]
    assert sentence.startswith(
        "the best plan with it (bridge end, rank 2) reaches 1 of level 1 fewer, 1 of level 3 more"
    )
    assert sentence.endswith("latest arrival +80 s")


def test_three_are_chosen_by_a_proved_optimisation(fields: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--new", 3, "--seconds", 300, "--candidates", fields, "--why-not", "bridge end")
    assert said["top"] == []
    assert sorted(said["best"]["sites"]) == sorted(FIELDS)
    assert said["proof"]["proved"]
    assert said["why_not"][0]["sentence"] == "it is in the best option"


def test_the_curve_says_what_each_further_base_adds(fields: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields, "--p-curve")
    assert [sum(by_level(point["plan"]).values()) for point in said["curve"]] == [3, 4, 4]
    assert all(point["proof"]["proved"] for point in said["curve"])


def test_in_winter_the_same_base_reaches_less(fields: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields, "--preset", "ice")
    assert said["question"]["scenarios"] == ["summer, all roads open", "ice, all roads open"]
    quay = said["today"]["grades"][1]
    assert (quay["reached"], quay["always"]) == (0.5, 0), "200 s of driving take 340 on ice"


def test_with_the_bridge_closed_only_a_base_on_the_east_bank_helps(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 600, "--candidates", fields, "--close", BRIDGE.wkt)
    assert said["best"]["sites"] == ["east field"]
    assert said["today"]["latest"]["arrival_s"] is None
    assert said["today"]["latest"]["scenario"].endswith("closed")


def test_a_base_has_until_the_local_force_can_hold_no_longer(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiers = ("--seconds", 600, "--holding-s", 600, "--holding-need", "medical")
    said = answered(capsys, "--new", 1, "--candidates", fields, *tiers)
    assert (said["holding"][0]["held"], said["holding"][0]["sources"]) == (3, 4)
    assert by_level(said["today"]) == {1: 0, 2: 1, 3: 1, 4: 1}, (
        "held at 560 s, the north works wait until 1,160"
    )
    assert said["best"]["keeps_standard"]


def test_where_nobody_holds_the_base_itself_must_come_within_the_standard(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiers = ("--seconds", 300, "--holding-s", 600, "--holding-need", "mine-rescue")
    said = answered(capsys, "--new", 1, "--candidates", fields, *tiers)
    assert said["holding"][0]["held"] == 0
    assert by_level(said["today"]) == {1: 0, 2: 1, 3: 0, 4: 1}


def test_where_no_base_stands_the_first_one_is_sited(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields, "--need", "hazmat=9")
    assert said["today"]["latest"]["arrival_s"] is None
    assert said["best"]["sites"] == ["east field"]


def test_of_three_the_front_shows_only_what_the_budget_allows(
    priced: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 3, "--seconds", 300, "--candidates", priced, "--budget", 2)
    assert builds([said["best"], *said["front"]]) == ["north field", "north field"]


def test_today_is_what_coverage_says_of_the_same_question(
    settled: Town, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shape_on_the_map(settled, "plant", box(*spot(-1400, -50), *spot(-600, 900)), 2)
    shape_on_the_map(settled, "harbour", box(*spot(-300, -50), *spot(300, 600)), 1)
    today = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields)
    covered = said(capsys, "coverage", "--seconds", 300, "--team-capability", "hazmat@2")
    assert by_level(today["today"]) == {each["grade"]: each["reached"] for each in covered["grades"]}
    arrival = dict(
        zip([source["name"] for source in today["sources"]], today["plans"][-1]["arrival_s"], strict=True)
    )
    assert arrival == pytest.approx({each["name"]: each["first_s"] for each in covered["sources"]}, abs=1)
    assert arrival["plant"] == pytest.approx(200, abs=2), "its field behind the road has no gate"
    assert arrival["harbour"] == pytest.approx(1220, abs=2), "its gate on the east bank"


def test_lines_count_by_share_and_plants_by_their_worst_gate(
    settled: Town, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shape_on_the_map(settled, "pipeline", LineString([spot(0, 0), spot(0, 2400)]), 3)
    shape_on_the_map(settled, "plant", box(*spot(-1400, -50), *spot(-600, 50)), 2)
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", fields)
    arrival = dict(zip([one["name"] for one in said["sources"]], said["plans"][-1]["arrival_s"], strict=True))
    reached = dict(zip(arrival, said["plans"][-1]["reached"], strict=True))
    assert reached["pipeline"] == pytest.approx(2 / 12, abs=1e-3), "400 m of 2,400 m within 40 s of the quay"
    assert arrival["plant"] == pytest.approx(200, abs=2), "its far end is 1,400 m from the base"


def test_rules_bar_price_or_say_that_they_cannot_tell(
    fields: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    school = written(tmp_path / "exits.csv", "lon,lat", {})
    school.write_text(f"lon,lat\n{EAST_FIELD[0]},{EAST_FIELD[1]}\n", encoding="utf-8")
    asked = ("--new", 1, "--seconds", 300, "--candidates", fields)
    said = answered(capsys, *asked, "--keep-off", school, "--why-not", "east field")
    assert said["barred"] == ["east field: less than 50 m from a hospital or school exit"]
    assert said["why_not"][0]["sentence"].startswith("a binding rule bars it")
    assert said["best"]["sites"] == ["bridge end"]
    verdicts = [rule["verdict"] for rule in answered(capsys, *asked)["rules"]]
    assert verdicts == ["broken", "kept", "cannot tell", "cannot tell", "cannot tell"]


def test_a_base_too_near_a_hazard_is_priced_not_forbidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near = written(
        tmp_path / "near.csv",
        "name,lon,lat",
        {"at the gate": spot(200, 1100), "up the bank": spot(200, 3000)},
    )
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", near)
    assert said["best"]["sites"] == ["up the bank"], "it reaches the north works sooner"
    said = answered(capsys, "--new", 1, "--seconds", 100, "--candidates", near)
    assert said["best"]["sites"] == ["at the gate"]
    rule = said["rules"][1]
    assert rule["verdict"] == "broken"
    assert rule["price"].startswith("up the bank keeps it and reaches 1 sources fewer")


def test_a_standard_of_the_registry_says_what_is_owed_to_whom(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--standard", "cover-grade-1", "--candidates", fields)
    assert (said["question"]["seconds"], said["question"]["strength"]) == (900, "should")
    assert [one["name"] for one in said["sources"]] == ["east works"]
    assert said["best"]["keeps_standard"]


def test_a_clock_that_starts_with_the_wheels_leaves_the_turnout_out(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 1, "--standard", "nfpa-1710-first-engine", "--candidates", fields)
    assert said["question"]["percentile"] == 90
    assert said["plans"][-1]["arrival_s"][1] == pytest.approx(200, abs=2)


def test_without_a_layer_candidates_are_road_nodes_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates-near", 4)
    assert 1 <= len([site for site in said["sites"] if site["kind"] == "new"]) <= 4
    assert "nobody has proposed them" in said["notes"][0]


def test_the_map_and_the_layers_hold_every_plan(
    fields: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, layers = tmp_path / "siting.html", tmp_path / "siting.gpkg"
    asked = ("site", "--roads", "river", "--new", "1", "--seconds", "120", "--candidates", str(fields))
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--map", str(page), "--out", str(layers)])
    assert not ended.value.code
    assert "1 new on river: north field" in capsys.readouterr().out
    assert "soonest latest arrival" in page.read_text(encoding="utf-8")
    sites = gpd.read_file(layers, layer="sites").set_index("name")
    assert sites.loc["north field", "plans"] == "A"
    sources = gpd.read_file(layers, layer="sources").set_index("name")
    assert sources.loc["north works", "arrival_s_A"] == pytest.approx(110, abs=2)


@pytest.mark.parametrize(
    ("options", "remark"),
    [
        (("--seconds", "3000"), "all that has weight is covered by what stands"),
        (("--seconds", "100"), "no candidate reaches within the standard anything that is still open"),
        (("--seconds", "300", "--budget", "1"), "the budget is below the cheapest candidate"),
    ],
)
def test_where_building_changes_nothing_the_answer_says_why(
    options: tuple[str, ...], remark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = written(tmp_path / "far.csv", "name,lon,lat,cost", {"bridge end": (*BRIDGE_END, 2.0)})
    assert answered(capsys, "--new", 1, "--candidates", far, *options)["remark"] == remark


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "standard: give --standard CODE or --seconds S, one of them"),
        (("--seconds", "-1"), "seconds: must be a finite number above zero"),
        (("--standard", "accident-report-level"), "ends with a report, not with an arrival"),
        (("--standard", "nix"), "there is no standard 'nix'"),
        (("--seconds", "300", "--new", "-1"), "new: must be a whole number from zero up"),
        (("--seconds", "300", "--new", "4"), "only 3 candidates are left; ask for fewer"),
        (("--seconds", "300", "--budget", "2"), "budget: new sites have no cost"),
        (("--seconds", "300", "--upgrade", "1"), "new sites have no cost to compare"),
        (("--seconds", "300", "--upgrade", "-1"), "upgrade: must be a finite number from zero up"),
        (("--seconds", "300", "--site-cost", "nan"), "site-cost: must be a finite number"),
        (("--seconds", "300", "--why-not", "nix"), "'nix' is no site of this question"),
        (("--seconds", "300", "--need", "hazmat=much"), "is not NAME@LEVEL"),
        (("--seconds", "300", "--need", "magic=1"), "there is no capability 'magic'"),
        (("--seconds", "300", "--preset", "sandstorm"), "is not a road preset"),
        (("--seconds", "300", "--profile", "tank"), "is not a vehicle profile"),
        (("--seconds", "300", "--holding-s", "0"), "holding-s: must be a finite number above zero"),
        (("--seconds", "300", "--out", "plans.shp"), "does not end in .gpkg"),
        (("--seconds", "300", "--time-limit-s", "0"), "time_limit_s"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    options: tuple[str, ...], reason: str, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--candidates", fields, *options) == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,lon\nfield,114.3\n", "it needs columns name, lon, lat; lat is missing"),
        ("name,lon,lat\n", "it holds no candidate"),
        ("name,lon,lat\nfield,114.3,30.6\nfield,114.3,30.7\n", "row 2, name: 'field' stands there twice"),
        ("name,lon,lat\n,114.3,30.6\n", "row 1, name: it is empty"),
        ("name,lon,lat\nfield,30.6,114.3\n", "swapped?"),
        ("name,lon,lat,cost\nfield,114.3,30.6,-2\n", "row 1, cost: '-2' is not a number from zero up"),
        ("name,lon,lat,cost\nfield,114.3,30.6,much\n", "row 1, cost: 'much' is not a number from zero up"),
    ],
)
def test_candidates_that_are_none_are_refused_by_row(
    content: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    assert run("--seconds", 300, "--candidates", tmp_path / "bad.csv") == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,cost\nnobody,1\n", "no station in the registry is called 'nobody'"),
        ("name,cost\nwest base,1\n", "'west base' holds already what is asked"),
        ("name\nmedics\n", "cost is missing"),
    ],
)
def test_upgrades_that_cannot_be_are_refused(
    content: str, reason: str, priced: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    assert run("--seconds", 300, "--candidates", priced, "--upgrade", tmp_path / "bad.csv") == 2
    assert reason in capsys.readouterr().err


def test_the_bridge_that_ways_need_is_closed_alone_and_the_lane_on_the_island_is_not(
    fields: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    layer = tmp_path / "structures.gpkg"
    bridge = LineString([spot(0, 5000), spot(200, 5000)])
    lane = LineString([spot(-600, -3000), spot(-400, -3000)])
    rows = {"name": ["Island Lane", "Old Bridge"], "kind": ["bridge", "bridge"]}
    gpd.GeoDataFrame(rows, geometry=[lane, bridge], crs=4326).to_file(layer)
    said = answered(capsys, "--new", 1, "--seconds", 600, "--candidates", fields, "--structures", layer)
    open_roads, closed = said["question"]["scenarios"]
    assert open_roads == "summer, all roads open"
    assert "Old Bridge closed" in closed
    assert said["best"]["sites"] == ["east field"]
    assert any(note.startswith("Structures: 1 of the 2 on these roads lie") for note in said["notes"])


def test_one_base_that_is_out_a_fifth_of_the_time_loses_a_sixth_of_the_calls(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 0, "--seconds", 300, "--candidates", fields, "--busy", 0.2)
    busy = said["busy"]
    assert busy["loss"] == pytest.approx(1 / 6, abs=1e-4)
    assert busy["expected_cover"] == pytest.approx(5 / 6 / 2, abs=1e-4), "the mill and the quay, of four"
    assert busy["bases"] == [{"site": "west base", "busy": 0.1667, "answers": 0.8333}]


def test_an_hour_long_call_every_hour_keeps_one_base_out_half_the_time(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = ("--calls-per-day", 24, "--service-min", 60)
    said = answered(capsys, "--new", 0, "--seconds", 300, "--candidates", fields, *calls)
    assert (said["busy"]["fraction"], said["busy"]["loss"]) == (0.5, 0.5)
    assert run("--new", 1, "--seconds", 300, "--candidates", fields, *calls) == 0
    assert "find no base free that could come" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--busy", 1.5), "a fraction between 0 and 1"),
        (("--busy", 0.2, "--calls-per-day", 3), "not both"),
        (("--calls-per-day", 3), "--service-min together"),
    ],
)
def test_how_busy_bases_are_is_said_in_one_way(
    fields: Path, capsys: pytest.CaptureFixture[str], options: tuple[object, ...], words: str
) -> None:
    assert run("--new", 1, "--seconds", 300, "--candidates", fields, *options) == 2
    assert words in capsys.readouterr().err


def test_of_three_the_price_of_keeping_off_hazards_is_what_the_others_reach(
    fields: Path, capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.site("depot by the field", Place(*EAST_FIELD), 3)
    said = answered(capsys, "--new", 3, "--seconds", 300, "--candidates", fields)
    hazard = next(rule for rule in said["rules"] if "300 m" in rule["rule"])
    assert hazard["verdict"] == "broken"
    assert hazard["price"].startswith("north field + bridge end keeps it and reaches 1 sources fewer")


def test_two_bases_side_by_side_say_what_they_do_twice(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "--new", 2, "--seconds", 400, "--candidates", fields)
    assert [each["site"] for each in said["built"]] == said["best"]["sites"]
    east, other = said["built"]
    assert (east["site"], east["reached"]) == ("east field", 2), "the east works and the north works"
    assert east["with_new"] == other["with_new"] == other["reached"]
    assert other["alone"] == 0


def test_a_base_of_another_authority_stands_as_soon_as_coverage_says(
    town: Town, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.authority("neighbour", approval_s=100)
    town.write(Crew("neighbours", up_mill_road(1000), {"hazmat": 2}, authority="neighbour"))
    said = answered(capsys, "--new", 0, "--seconds", 159, "--candidates", fields)
    assert by_level(said["today"])[4] == 0
    said = answered(capsys, "--new", 0, "--seconds", 160, "--candidates", fields)
    assert by_level(said["today"])[4] == 1
    assert "1 units of other authorities count from when their approval is given." in said["notes"]


def test_a_plants_own_crew_stands_for_its_plant_alone(
    town: Town, fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write(Crew("own crew", Place(*spot(0, 4000)), {"hazmat": 2, "rescue": 1}, guards="east works"))
    said = answered(capsys, "--new", 0, "--seconds", 600, "--candidates", fields)
    assert by_level(said["today"]) == {1: 1, 2: 1, 3: 0, 4: 1}
    assert "1 units are kept for a site of their own and count there alone." in said["notes"]
    held = answered(capsys, "--new", 0, "--seconds", 600, "--holding-s", 600, "--candidates", fields)
    assert held["holding"][0]["held"] == 1


def test_a_site_and_a_source_far_off_the_road_are_named(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.site("light ship", Place(113.0, 30.0), 2)
    far = written(tmp_path / "far.csv", "name,lon,lat", {"sea": (113.0, 30.0), "end": (*BRIDGE_END,)})
    said = answered(capsys, "--new", 1, "--seconds", 300, "--candidates", far)
    assert "No road leads to sites more than 500 m off it: sea." in said["notes"]
    assert "No road leads to sources more than 500 m off it: light ship." in said["notes"]


def test_a_standard_that_names_no_capability_is_said_to_be_taken_for_hazmat(
    fields: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--new", 1, "--standard", "fire-station-reach", "--candidates", fields)
    taken = "The standard names no capability"
    assert any(note.startswith(taken) for note in answered(capsys, *asked)["notes"])
    assert not any(note.startswith(taken) for note in answered(capsys, *asked, "--need", "rescue")["notes"])
