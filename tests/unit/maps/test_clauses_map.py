"""The map of broken clauses: what it shows, what stands nowhere, and that a name is never markup."""

import geopandas as gpd
from shapely import LineString

from geo.maps.clauses_map import ClauseLayer, ClausesScene, Red, Undecided, clauses_map
from geo.maps.offline import render_offline
from geo.maps.planning_panel import Count, Headline
from geo.maps.roads import Extent
from geo.maps.words import Word
from geo.places import Place

HEAD = Headline("Clauses", "river", "2", Word("处", "break a shall"), "red 2", good=False)
MILL_ROAD = Place(114.3, 30.6)
HOSTILE = "</script><b>{{ 7 * 7 }}"
REACH = ClauseLayer("reach", Word("到达", "Reach"), binding=True)
WIND = ClauseLayer("wind", Word("风向", "Upwind"), binding=False)
FILED = ClauseLayer("filed", Word("备案", "Filed"), binding=True)
ROADS = gpd.GeoDataFrame(
    {"road_class": ["primary"]}, geometry=[LineString([(114.3, 30.6), (114.31, 30.6)])], crs="EPSG:4326"
)


def red(clause: str, subject: str = "Mill Road", place: Place | None = MILL_ROAD) -> Red:
    facts = ("到达 5:27 min", f"At the edge of {subject}: 5:27 min", "JB 152")
    return Red(clause, subject, place, "5:27 min", "≤ 5:00 min", facts, synthetic=False)


def scene(*reds: Red) -> ClausesScene:
    return ClausesScene(
        head=HEAD,
        counts=[Count(REACH.name, "1/1/0", good=False)],
        clauses=[REACH, WIND, FILED],
        reds=reds,
        undecided=[Undecided(Word("出口", "Exits"), "no layer of exits: --exits FILE")],
        extent=Extent(114.2, 30.5, 114.4, 30.7),
        roads=ROADS,
        licence="made up",
        notes=["a note"],
    )


def page(*reds: Red) -> str:
    return render_offline(clauses_map(scene(*reds)))


def test_each_broken_clause_has_a_layer_of_its_own_and_a_kept_one_none() -> None:
    drawn = page(red("reach"), red("wind"))
    assert drawn.count("data-layer=") - page().count("data-layer=") == 2


def test_a_popup_tells_value_threshold_and_source() -> None:
    assert '"facts":["到达 Reach","到达 5:27 min","At the edge of Mill Road: 5:27 min","JB 152"]' in page(
        red("reach")
    )


def test_two_reds_of_one_place_stand_side_by_side() -> None:
    assert '"shift":[19,0]' in page(red("reach"), red("wind")).replace(" ", "")


def test_what_stands_nowhere_is_told_in_the_panel_and_points_at_no_mark() -> None:
    drawn = page(red("filed", "leak plan", None))
    assert "rg-no-mark" in drawn
    assert "At the edge of leak plan: 5:27 min" in drawn
    assert 'data-go="red-0"' not in drawn


def test_what_cannot_be_told_says_what_would_supply_it() -> None:
    assert "no layer of exits: --exits FILE" in page()


def test_a_name_is_text() -> None:
    drawn = page(red("reach", HOSTILE), red("filed", HOSTILE, None))
    assert HOSTILE not in drawn
    assert "&lt;/script&gt;" in drawn


def test_the_panel_lists_a_few_of_every_clause_and_says_how_many_more_the_map_has() -> None:
    drawn = page(*[red("reach", f"station {i}") for i in range(7)], red("wind"))
    assert drawn.count('data-go="red-') == 6
    assert "2 more on the map" in drawn
