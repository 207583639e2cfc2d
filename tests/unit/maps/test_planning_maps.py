"""The planner's maps: what they show, in which order, and that a name is never markup."""

import geopandas as gpd
import pytest
from shapely import LineString, Point

from geo.maps.coverage_map import CoverageScene, coverage_map
from geo.maps.critical_links_map import CriticalLink, CriticalLinksScene, critical_links_map
from geo.maps.offline import render_offline
from geo.maps.planning_marks import LIES, NOT_REACHED, PlannedBase, ReachedSource, source_list
from geo.maps.planning_panel import Count, Headline
from geo.maps.words import Word
from geo.places import Place

HEAD = Headline("Coverage", "15:00", "1/2", Word("按时", "in time"), "not met", good=False)
HOSTILE = "</script><b>{{ 7 * 7 }}"
BASE = PlannedBase("Mill Road", Place(114.30, 30.60), ("engine 1",))
ROADS = gpd.GeoDataFrame(
    {"road_class": ["primary"]}, geometry=[LineString([(114.3, 30.6), (114.31, 30.6)])], crs="EPSG:4326"
)


def source(
    key: str, grade: int | None, first_s: float | None, *, name: str = "works", lie: bool = False
) -> ReachedSource:
    reached = first_s is not None and first_s <= 900
    return ReachedSource(
        key, name, Place(114.31, 30.6), grade, reached, first_s, "Mill Road", None, lie, False
    )


def coverage_page(*sources: ReachedSource) -> str:
    area = Point(114.3, 30.6).buffer(0.01)
    counts = [Count(Word("1 级", "Grade 1"), "1/2", good=False, under="worst 18:04")]
    scene = CoverageScene(HEAD, counts, area, area, [BASE], sources, ROADS, "made up", ["a note"])
    return render_offline(coverage_map(scene))


def test_the_gravest_and_latest_source_is_listed_first_and_one_that_nobody_reaches_before_it() -> None:
    late = [source("a", 3, 2000), source("b", 1, 1000), source("c", 1, None), source("d", None, 5000)]
    assert [line.key for line in source_list(NOT_REACHED, late).lines] == ["c", "b", "a", "d"]


def test_a_lie_of_the_circle_has_a_ring_and_a_line_in_the_legend_of_its_own() -> None:
    assert "hazard grade-2 uncovered lie" in coverage_page(source("x", 2, 1000, lie=True))
    honest = coverage_page(source("x", 2, 1000))
    assert "hazard grade-2 uncovered" in honest
    assert str(LIES.en) not in honest


def test_a_source_reached_in_time_has_no_ring_and_no_row() -> None:
    page = coverage_page(source("x", 2, 100, name="quiet works"))
    assert page.count("quiet works") == page.count('"title":"quiet works"') * 2


def test_a_name_is_text_on_both_maps() -> None:
    assert HOSTILE not in coverage_page(source("x", 1, None, name=HOSTILE))
    link = CriticalLink(1, HOSTILE, (LineString([(114.3, 30.6), (114.31, 30.6)]),), True, None, ("drops 1",))
    scene = CriticalLinksScene(HEAD, [], [link], [BASE], [source("x", 1, 100)], ROADS, "made up", [])
    page = render_offline(critical_links_map(scene))
    assert HOSTILE not in page
    assert "link-1" in page


@pytest.mark.parametrize(("drops", "css"), [(True, '"css":"critical"'), (False, '"css":"critical slows"')])
def test_a_link_that_drops_a_source_looks_other_than_one_that_only_delays(drops: bool, css: str) -> None:
    link = CriticalLink(1, "Old Bridge", (LineString([(114.3, 30.6), (114.31, 30.6)]),), drops, 60.0, ())
    scene = CriticalLinksScene(HEAD, [], [link], [BASE], [source("x", 1, 100)], ROADS, "made up", [])
    assert css in render_offline(critical_links_map(scene))
