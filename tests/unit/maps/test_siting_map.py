"""The map of siting plans on a little town of two sources."""

import re
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from geo.maps.offline import render_offline
from geo.maps.siting_front import FrontPoint, chart_of
from geo.maps.siting_map import Fare, PlanLayer, SiteDot, SitingScene, Source, siting_map
from geo.maps.words import Word
from geo.places import Place
from tests.towns import spot

MILL, QUAY = Place(*spot(0, 0)), Place(*spot(3000, 0))
HOSTILE = ("</script><img src=x onerror=alert(1)>", "{{ 111111111 * 111111111 }}", '" onload="alert(1)')


def plan(letter: str, builds: str, *fares: Fare) -> PlanLayer:
    new = (SiteDot(builds, Place(*spot(1000, 500)), ("cost 1",)),)
    facts = ("L1 1/1", "cost 1")
    return PlanLayer(letter, "most cover", builds, facts, "08:20 quay", 1, new, (), fares)


def scene(*plans: PlanLayer) -> SitingScene:
    return SitingScene(
        title="Where to build",
        subtitle="300 s",
        plans=plans,
        standing=(SiteDot("west base", Place(*spot(-2000, 0))),),
        candidates=(),
        sources=(Source("mill", 1, MILL, synthetic=False), Source("quay", 4, QUAY, synthetic=True)),
        front=(
            FrontPoint(2, 500.0, "A", "field", on_front=True),
            FrontPoint(1, 300.0, "B", "yard", on_front=True),
            FrontPoint(0, 600.0, "C", "nothing", on_front=False),
            FrontPoint(0, None, "D", "nowhere", on_front=False),
        ),
        front_counts=Word("按时到达源数", "sources reached"),
        rules=("kept · should · 300 m",),
        notes=("One demand a source.",),
        roads=gpd.GeoDataFrame(
            {"road_class": ["primary"]},
            geometry=[shapely.LineString([spot(-2000, 0), spot(3000, 0)])],
            crs=4326,
        ),
        licence="made up",
    )


def two_plans() -> SitingScene:
    return scene(
        plan("A", "field", Fare(1.0, 200.0), Fare(0.5, 500.0)),
        plan("B", "yard", Fare(0.0, None), Fare(1.0, 90.0)),
    )


def words(page: str) -> str:
    panel = page[page.index('<details class="rg-panel') : page.index("</footer>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel))


def test_the_panel_lists_every_plan_with_what_it_builds_and_its_latest_arrival() -> None:
    said = words(render_offline(siting_map(two_plans())))
    assert "A field most cover L1 1/1 cost 1 最晚 Latest 08:20 quay" in said
    assert "B yard" in said
    assert "Synthetic" in said


def test_each_plan_is_a_layer_of_its_own_and_only_the_first_is_chosen() -> None:
    page = render_offline(siting_map(two_plans()))
    radios = re.findall(r'<input type="radio" name="rg-plan" value[^>]*>', page)
    assert ["checked" in radio for radio in radios] == [True, False]
    assert len({name for radio in radios for name in re.findall(r'value="([^"]+)"', radio)}) == 2
    assert "rescue.plans(" in page


def test_a_source_is_drawn_as_it_fares_under_each_plan() -> None:
    page = render_offline(siting_map(two_plans()))
    for css in ("grade-1 reached", "grade-4 partly synthetic", "grade-1 missed", "grade-4 reached synthetic"):
        assert f'"hazard {css}"' in page, css
    assert "arrival 03:20" in page
    assert "arrival —" in page


def test_the_chart_puts_more_cover_right_and_a_later_arrival_up() -> None:
    chart = chart_of(two_plans().front)
    assert chart is not None
    at = {drawn.letter: drawn for drawn in chart.spots}
    assert sorted(at) == ["A", "B", "C"], "what never arrives is not drawn"
    assert at["C"].x < at["B"].x < at["A"].x
    assert at["C"].y < at["A"].y < at["B"].y
    assert [tick.text for tick in sorted(chart.across, key=lambda tick: tick.at)] == ["0", "2"]
    assert len(chart.line.split()) == 2


def test_one_plan_alone_needs_no_chart() -> None:
    assert chart_of(two_plans().front[:1]) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_end_a_script_open_a_tag_or_be_read_as_a_template(name: str) -> None:
    town = two_plans()
    hostile = replace(
        town,
        title=name,
        sources=(replace(town.sources[0], name=name), town.sources[1]),
        plans=(replace(town.plans[0], builds=name, why=name, latest=name), town.plans[1]),
    )
    page = render_offline(siting_map(hostile))
    assert name not in page or name.startswith("{{")
    assert "12345678987654321" not in page
