import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from geo.errors import InvalidInputError
from geo.maps.elements import script_json
from geo.maps.incident_map import incident_map
from geo.maps.live import STATES, UnitTrail
from geo.maps.live_marks import GLYPHS, live_marks, live_samples
from geo.maps.offline import render_offline
from geo.maps.scene import IncidentScene
from geo.maps.trails import trail_layer
from geo.places import Place
from tests.unit.maps.decided_town import decided_town
from tests.unit.maps.live_town import (
    MINUTE,
    MOMENT,
    every_state,
    hazmat_trail,
    live_named,
    live_town,
    pump_trail,
)
from tests.unit.maps.test_maps_decision import legend_of, words_of
from tests.unit.maps.test_maps_incident import HOSTILE
from tests.unit.maps.town_scene import CROSSING


def legend_words(scene: IncidentScene) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", legend_of(scene)))


def told(*trails: UnitTrail) -> tuple[list[list[str]], list[tuple[int, int]]]:
    """Return the times along each trail, and how many fixes its line and its strong end have."""
    rows = json.loads(script_json(trail_layer(trails).argument))
    labels = [[time["label"] for time in row["times"]] for row in rows]
    return labels, [(row["path"]["counts"][0], row["newest"]["counts"][0]) for row in rows]


def test_the_panel_says_how_far_each_unit_has_come_those_nearest_first() -> None:
    words = words_of(live_town("proposed", "released"))
    assert (
        "车组动态 Units by state 场 Hazmat 1 North · N-11 到场 On scene 14:20 "
        "途 Pump 2 North · N-12 途中 En route 14:19 "
        "拟 Unit proposed 模拟 Synthetic West 拟派 Proposed 14:20 "
        "归 Unit released 模拟 Synthetic West 已归队 Released 14:20"
    ) in words


def test_every_state_has_its_word_its_own_character_and_a_mark() -> None:
    assert set(GLYPHS) == set(STATES)
    assert len(set(GLYPHS.values())) == len(STATES)
    scene = every_state()
    marks = live_marks(scene.live, scene.place)
    assert sorted(mark.text for mark in marks) == sorted(GLYPHS.values())
    assert {mark.look.meaning for mark in marks} == set(STATES.values())


def test_the_legend_lists_only_the_states_and_units_that_are_there() -> None:
    words = legend_words(live_town())
    assert "场 到场 On scene" in words
    assert "途 途中 En route" in words
    for absent in ("Proposed", "Released", "Refused", "First due", "Out of service"):
        assert absent not in words.partition("仓库 Depots")[0]
    assert len(live_samples(every_state().live)) == len(STATES)


def test_before_anybody_is_assigned_the_map_is_the_answer_alone() -> None:
    assert "Units by state" not in words_of(decided_town())
    assert "轨迹" not in legend_words(decided_town())
    assert "First due" in legend_words(decided_town())


def test_an_assigned_unit_has_one_mark_and_it_is_the_live_one() -> None:
    page = render_offline(incident_map(live_town()))
    assert page.count('"key":"unit-11"') == page.count('"key":"unit-12"') == 1
    assert '"key":"unit-12","at":[30.61,114.3],"css":"state en-route"' in page


def test_who_works_near_the_incident_stands_beside_its_mark_who_waits_further_off_where_it_is() -> None:
    near, far = (replace(live_town().live[1], place=Place(114.30, lat)) for lat in (30.6044, 30.6046))
    spots = [(mark.lon, mark.lat) for mark in live_marks([near, far], CROSSING)]
    assert spots == [(114.30, 30.60), (114.30, 30.6046)]
    on_the_way = replace(near, state="en-route")
    assert live_marks([on_the_way], CROSSING)[0].lat == 30.6044


def test_of_units_at_the_incident_those_at_work_stand_next_to_it() -> None:
    ordered, working = (
        replace(live_town().live[1], id=state, state=state) for state in ("ordered", "on-scene")
    )
    page = render_offline(incident_map(replace(live_town(), live=(ordered, working), trails=())))
    shifts = re.findall(r'"key":"(incident|unit-on-scene|unit-ordered)".*?"shift":\[(\d+),', page)
    in_a_row = sorted(shifts, key=lambda shift: int(shift[1]))
    assert [key for key, _ in in_a_row] == ["incident", "unit-on-scene", "unit-ordered"]


def test_a_mark_says_since_when_and_how_old_its_place_is() -> None:
    pump = live_town().live[0]
    assert live_marks([pump], CROSSING)[0].facts == ("途中 En route 14:19", "North · N-12", "位置 Seen 14:20")
    never_seen = replace(pump, seen_at=None)
    assert live_marks([never_seen], CROSSING)[0].facts[-1] == "按驻地显示 Shown at its base"


def test_a_trail_says_a_few_times_evenly_apart_the_newest_among_them() -> None:
    assert told(hazmat_trail(), pump_trail())[0] == [
        ["14:11", "14:14", "14:17", "14:20"],
        ["13:50", "14:20"],
    ]


def test_the_newest_three_minutes_of_a_trail_are_strong_or_its_last_step() -> None:
    assert told(hazmat_trail(), pump_trail())[1] == [(11, 4), (2, 2)]


def test_a_trail_of_one_moment_is_still_a_trail() -> None:
    standing = replace(pump_trail(), times=(MOMENT, MOMENT))
    assert told(standing)[0] == [["14:20"]]
    short = replace(pump_trail(), times=(MOMENT, MOMENT + MINUTE / 2))
    assert told(short)[0] == [["14:20"]]


def test_a_trail_whose_times_do_not_fit_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="2 fixes have 1 times"):
        trail_layer([replace(pump_trail(), times=(MOMENT,))])
    with pytest.raises(InvalidInputError, match="run backwards"):
        trail_layer([replace(pump_trail(), times=(MOMENT, MOMENT - timedelta(seconds=1)))])


def test_a_state_there_is_not_is_refused() -> None:
    [*_, unit] = live_town().live
    with pytest.raises(InvalidInputError, match="'lost' is not one of"):
        incident_map(replace(live_town(), live=(replace(unit, state="lost"),)))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_word_of_what_happens_now_can_end_a_script_open_a_tag_or_be_read_as_a_template(name: str) -> None:
    page = render_offline(incident_map(live_named(name)))
    harmless = render_offline(incident_map(live_named("Hazmat 1")))
    for mark in ("<script", "</script", "<img", 'onload=alert(1) x="', "<!--"):
        assert page.count(mark) == harmless.count(mark)
    assert "12345678987654321" not in page
