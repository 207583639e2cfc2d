import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import InvalidInputError
from geo.maps.elements import script_json
from geo.maps.incident_map import incident_map
from geo.maps.lines import each_once, packed_lines
from geo.maps.offline import render_offline
from geo.maps.scene import depots_of, units_of
from geo.maps.symbols import Look, Mark, side_by_side
from geo.maps.words import Word, clock
from tests.unit.maps.town_scene import scene_named, town_scene

HOSTILE = (
    "<script>alert(1)</script>",
    '"onload=alert(1) x="',
    "</script><img src=x onerror=alert(1)>",
    "{{ 111111111 * 111111111 }}",
    "{% for x in y %}",
    "`${alert(1)}`\\",
    "<!-- & ' \u2028",
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "00:00"),
        (259.6, "04:20"),
        (3599.4, "59:59"),
        (3599.6, "1:00:00"),
        (float("nan"), "—"),
        (None, "—"),
    ],
)
def test_a_time_is_said_in_minutes_and_seconds(seconds: float | None, said: str) -> None:
    assert clock(seconds) == said


def test_the_panel_says_who_is_first_what_is_met_when_and_what_is_missing() -> None:
    page = render_offline(incident_map(town_scene()))
    panel = page[page.index('<details class="rg-panel"') : page.index("</footer>")]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel))
    assert "04:20 先到 First due Hazmat 1" in words
    assert "✓ hazmat ≥ 2 05:45" in words
    assert "✕ decontamination ≥ 3 1 of 3 squads missing" in words
    assert "1 of 3 not met" in words
    assert "1 South depot 模拟 Synthetic 1:01:01" in words
    assert "Pump 3 模拟 Synthetic No hazmat squad aboard 03:20" in words
    assert "Ladder 4 模拟 Synthetic Pump repair" in words
    assert "Rescue 5" not in words
    assert "48 m from the nearest road" in words
    assert "Roads: town survey, CC0" in words


def test_when_nobody_can_be_sent_the_panel_says_so() -> None:
    town = town_scene()
    nobody = replace(
        town, first_due=None, units=town.units.iloc[:0], routes=town.routes.iloc[:0], off_road_m=None
    )
    page = render_offline(incident_map(nobody))
    assert "No unit can be sent" in page
    assert "from the nearest road" not in page


def test_a_scene_without_any_row_is_still_a_map() -> None:
    town = town_scene()
    frames = ("units", "depots", "hazard_sources", "routes", "roads")
    empty = replace(town, needs=(), **{name: getattr(town, name).iloc[:0] for name in frames})
    assert "Chemical leak" in render_offline(incident_map(empty))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_end_a_script_open_a_tag_or_be_read_as_a_template(name: str) -> None:
    page = render_offline(incident_map(scene_named(name)))
    harmless = render_offline(incident_map(scene_named("Hazmat 1")))
    for mark in ("<script", "</script", "<img", 'onload=alert(1) x="', "<!--"):
        assert page.count(mark) == harmless.count(mark)
    assert "12345678987654321" not in page


def test_data_inside_a_script_keeps_its_value() -> None:
    written = script_json(["</script>", "a & b", "\u2028"])
    assert "<" not in written
    assert written == '["\\u003c/script\\u003e","a \\u0026 b","\\u2028"]'


def test_units_and_depots_are_read_best_rank_first() -> None:
    assert [unit.name for unit in units_of(town_scene())][:3] == ["Hazmat 1", "Pump 2", "Pump 3"]
    assert [depot.rank_text for depot in depots_of(town_scene())] == ["1", ""]


def test_a_frame_without_a_needed_column_is_refused_by_name() -> None:
    town = town_scene()
    with pytest.raises(InvalidInputError, match="units: column 'rank' is missing"):
        incident_map(replace(town, units=town.units.drop(columns="rank")))


def test_a_frame_in_metres_is_refused() -> None:
    town = town_scene()
    with pytest.raises(InvalidInputError, match="roads: coordinates must be WGS84"):
        incident_map(replace(town, roads=town.roads.to_crs(32650)))


@pytest.mark.parametrize(
    ("frame", "column", "value"),
    [("units", "status", "asleep"), ("routes", "kind", "boat"), ("hazard_sources", "grade", 5.0)],
)
def test_an_unknown_word_is_refused(frame: str, column: str, value: object) -> None:
    town = town_scene()
    wrong = getattr(town, frame).assign(**{column: value})
    with pytest.raises(InvalidInputError, match=str(value)):
        incident_map(replace(town, **{frame: wrong}))


def test_marks_of_one_place_stand_side_by_side_the_highest_on_the_place() -> None:
    large, small = Look("unit", 26, 7, Word("大", "Large")), Look("unit", 10, 2, Word("小", "Small"))
    marks = [Mark(f"unit-{i}", 114.3, 30.6, look, "") for i, look in enumerate([small, large, small])]
    apart = {mark.key: (mark.right_px, mark.down_px) for mark in side_by_side(marks)}
    assert apart == {"unit-1": (0, 0), "unit-0": (20, 0), "unit-2": (32, 0)}


def test_a_road_drawn_in_both_directions_is_drawn_once() -> None:
    there_back_and_another = np.array([[0, 0], [5, 9], [5, 9], [0, 0], [5, 9], [8, 8]], dtype=np.int64)
    grid, counts = each_once(there_back_and_another, np.array([2, 2, 2]))
    assert counts.tolist() == [2, 2]
    assert sorted(map(tuple, grid.reshape(2, 4).tolist())) == [(0, 0, 5, 9), (5, 9, 8, 8)]


def test_packed_lines_run_on_in_steps_from_point_to_point() -> None:
    grid = np.array([[10, 20], [12, 19], [12, 25], [11, 25]], dtype=np.int64)
    packed = packed_lines(grid, np.array([2, 2]), 1e-5)
    assert packed == {"per_degree": 100_000, "counts": [2, 2], "moves": [10, 20, 2, -1, 0, 6, -1, 0]}


def test_a_city_of_ninety_thousand_road_segments_stays_below_eight_megabytes() -> None:
    rng = np.random.default_rng(1)
    start = rng.uniform((114.0, 30.4), (114.5, 30.8), (92_667, 2))
    segments = shapely.linestrings(np.stack([start, start + rng.normal(0, 0.001, start.shape)], axis=1))
    classes = rng.choice(["residential", "tertiary", "secondary", "primary", "motorway"], len(start))
    roads = gpd.GeoDataFrame({"road_class": classes}, geometry=segments, crs="EPSG:4326")
    across = shapely.linestrings([[(114.0, 30.4), (114.5, 30.8)]] * 3)
    town = town_scene()
    city = replace(town, roads=roads, routes=town.routes.set_geometry(across, crs="EPSG:4326"))
    assert len(render_offline(incident_map(city)).encode()) < 8_000_000
