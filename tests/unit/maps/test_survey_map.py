"""The map of a resource survey: what lacks something stands out, and a name is never markup."""

import geopandas as gpd
from shapely import LineString

from geo.maps.offline import render_offline
from geo.maps.planning_marks import PlannedBase
from geo.maps.planning_panel import Count, Headline
from geo.maps.survey_map import LACKS, LATE, SurveyedSource, SurveyScene, survey_map
from geo.maps.words import Word
from geo.places import Place

HEAD = Headline("Survey", "30:00", "1/2", Word("齐备", "equipped"), "lacking", good=False)
COUNT = Count(Word("已核实", "Verified"), "50 %", good=False, under="1/2")
HOSTILE = "</script><b>{{ 7 * 7 }}"
ROADS = gpd.GeoDataFrame(
    {"road_class": ["primary"]}, geometry=[LineString([(114.3, 30.6), (114.31, 30.6)])], crs="EPSG:4326"
)


def page(name: str = "works", lacks: tuple[str, ...] = (), late: tuple[str, ...] = ()) -> str:
    place = PlannedBase(name, Place(114.30, 30.60), (name,))
    source = SurveyedSource("hazard-1", name, Place(114.31, 30.6), 2, lacks, late, None, synthetic=True)
    scene = SurveyScene(HEAD, [COUNT], [source], [place], [place], ROADS, "made up", [name])
    return render_offline(survey_map(scene))


def test_a_source_that_lacks_something_has_a_ring_and_a_row() -> None:
    lacking = page(lacks=("foam 1000 of 6000",))
    assert "hazard grade-2 uncovered" in lacking
    assert f"<h2>{LACKS.__html__()}" in lacking
    assert "hazard grade-2 uncovered" not in page().replace("rg-mark hazard grade-2 uncovered", "")


def test_a_source_where_something_is_late_has_a_row_and_no_ring() -> None:
    late = page(late=("foam at 20:00, due 15:00",))
    assert f"<h2>{LATE.__html__()}" in late
    assert "foam at 20:00, due 15:00" in late


def test_a_name_is_text() -> None:
    assert HOSTILE not in page(HOSTILE, (HOSTILE,), (HOSTILE,))
