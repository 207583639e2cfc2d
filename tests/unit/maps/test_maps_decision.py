import re
from dataclasses import replace

import pytest

from geo.errors import InvalidInputError
from geo.maps.decision_panel import dialled
from geo.maps.incident_map import incident_map
from geo.maps.offline import render_offline
from geo.maps.scene import IncidentScene, depots_of, units_of
from tests.unit.maps.decided_town import ACTION_CARD, decided_town, decision_named
from tests.unit.maps.test_maps_incident import HOSTILE
from tests.unit.maps.town_scene import town_scene


def panel_of(scene: IncidentScene) -> str:
    page = render_offline(incident_map(scene))
    return page[page.index('<details class="rg-panel"') : page.index("</footer>")]


def words_of(scene: IncidentScene) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel_of(scene)))


def legend_of(scene: IncidentScene) -> str:
    page = render_offline(incident_map(scene))
    start = page.index('<details class="rg-legend"')
    return page[start : page.index("</details>", start)]


def test_each_unit_sent_is_said_with_its_roles_both_times_and_whether_it_is_ordered() -> None:
    words = words_of(decided_town())
    assert "派出 Who goes · 调派 1 ordered · 商请 1 requested" in words
    assert (
        "1 Hazmat 1 模拟 Synthetic North · N-11 hazmat 2 · rescue 4 调派 ordered 04:20 90% 05:30"
    ) in words
    assert "2 Pump 2 模拟 Synthetic North · N-12 pump 1 商请 requested from Works A 05:45 90% 07:01" in words


def test_a_request_says_who_approves_by_which_number_under_what_and_for_how_much() -> None:
    words = words_of(decided_town())
    assert "批准 Approves · Plant manager 027-8366 1234" in words
    assert "协议 Agreement · Mutual aid 2024" in words
    assert "费用 Cost · no cost" in words


def test_the_first_due_time_has_its_ninetieth_percentile_beside_it() -> None:
    assert "04:20 先到 First due 90% 05:30 Hazmat 1" in words_of(decided_town())


def test_supplies_say_whether_the_depot_brings_them_or_a_unit_picks_them_up() -> None:
    words = words_of(decided_town())
    assert "sorbent 500 kg 模拟 Synthetic South depot 仓库送达 delivered 1:01:01" in words
    assert "suits 4 模拟 Synthetic South depot 顺路装载 picked up by Pump 2 15:00" in words


def test_the_plan_is_folded_and_holds_its_card_line_by_line_and_its_numbers() -> None:
    panel = panel_of(decided_town())
    assert '<details class="rg-plan">' in panel
    assert ACTION_CARD in panel
    assert "Go now.\nApproach from upwind." in panel
    assert '<a class="rg-phone" href="tel:+8613871000000">+86 138 7100 0000</a>' in panel
    assert '<span class="rg-phone">027-8583 1000 ext. 801</span>' in panel


@pytest.mark.parametrize(
    ("phone", "dials"),
    [
        ("119", "119"),
        ("027-8366 1234", "02783661234"),
        ("+86 (0)27 83661234", "+8602783661234"),
        ("119 / 120", None),
        ("83661234 转 801", None),
        ("javascript:alert(1)", None),
        ("--", None),
        ("", None),
    ],
)
def test_only_what_is_exactly_one_number_can_be_dialled(phone: str, dials: str | None) -> None:
    assert dialled(phone) == dials


def test_a_proved_choice_and_one_cut_short_are_told_apart() -> None:
    town = decided_town()
    assert town.verdict is not None
    assert "✓ 已证最优 Proved" in words_of(town)
    assert "近似 Pump 3 would be 20 s later" in words_of(town)
    cut = replace(town, verdict=replace(town.verdict, proved=False))
    assert "⚠ 未证最优 Best found in time, not proved" in words_of(cut)
    assert "Proved" not in words_of(cut)


def test_lost_cover_is_said_with_the_time_before_and_after_and_the_move_that_repairs_it() -> None:
    words = words_of(decided_town())
    assert "失去覆盖 Cover lost · 1" in words
    assert "1 Tank farm grade 1 within 8 min 无 none 原 was 04:10" in words
    assert "移防 Move up · Rescue 5 → North base 恢复 Regains · Tank farm 11:30" in words


def test_what_would_change_a_refusal_stands_under_its_reason() -> None:
    words = words_of(decided_town())
    assert "No hazmat squad aboard ↳ third if a hazmat squad is aboard 03:20" in words


def test_those_not_needed_are_listed_apart_without_a_number() -> None:
    words = words_of(decided_town())
    assert "可派未用 Could come, not needed now (1)" in words
    assert words.index("Who goes") < words.index("Ladder 4")
    assert "Units that can come" not in words


def test_a_decision_known_from_the_statuses_alone_still_lists_who_is_sent() -> None:
    words = words_of(replace(decided_town(), sent=(), supplies=()))
    assert "派出车组 Units sent 1 Hazmat 1 模拟 Synthetic North 04:20 2 Pump 2" in words
    assert "供给仓库 Depots that supply 1 South depot" in words


def test_a_scene_without_a_decision_shows_nothing_of_one() -> None:
    panel, legend = panel_of(town_scene()), legend_of(town_scene())
    for part in ("rg-plan", "rg-verdict", "rg-going", "rg-move-up", "Cover lost", "not needed"):
        assert part not in panel
    for part in ("Sent", "Requested", "Loses its standard", "Move-up"):
        assert part not in legend


def test_the_legend_names_what_the_decision_draws_and_no_more() -> None:
    town = decided_town()
    legend = legend_of(town)
    for part in ("Sent", "Not used", "Requested", "Loses its standard of cover", "Move-up"):
        assert part in legend
    covered = replace(
        town,
        hazard_sources=town.hazard_sources.assign(uncovered=False),
        sent=town.sent[:1],
        move_up=None,
    )
    for part in ("Requested", "Loses its standard of cover", "Move-up"):
        assert part not in legend_of(covered)


def test_marks_are_known_by_the_ids_of_their_rows() -> None:
    assert [unit.key for unit in units_of(decided_town())][:2] == ["unit-11", "unit-12"]
    assert [depot.key for depot in depots_of(decided_town())] == ["depot-21", "depot-22"]


def test_two_rows_with_one_id_are_refused() -> None:
    town = decided_town()
    with pytest.raises(InvalidInputError, match="units: unit-7 stands there 5 times"):
        incident_map(replace(town, units=town.units.assign(id=7)))


def test_whoever_has_a_line_is_drawn_as_chosen_whatever_the_frames_still_say() -> None:
    town = decided_town()
    stale = replace(
        town, units=town.units.assign(status="listed"), depots=town.depots.assign(status="listed")
    )
    assert [unit.name for unit in units_of(stale) if unit.chosen] == ["Hazmat 1", "Pump 2"]
    assert [depot.name for depot in depots_of(stale) if depot.chosen] == ["South depot"]


def test_a_source_of_which_it_is_not_known_whether_it_is_covered_is_refused() -> None:
    town = decided_town()
    sources = town.hazard_sources.assign(uncovered=[True, None, False])
    with pytest.raises(InvalidInputError, match="'uncovered' must be true or false"):
        incident_map(replace(town, hazard_sources=sources))


def test_a_unit_sent_from_nowhere_known_is_listed_but_shows_no_mark() -> None:
    town = decided_town()
    lost = replace(town, sent=(replace(town.sent[1], id=99),))
    assert "Pump 2" in words_of(lost)
    assert 'data-go="unit-99"' not in panel_of(lost)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_word_of_a_decision_can_end_a_script_open_a_tag_or_be_read_as_a_template(name: str) -> None:
    page = render_offline(incident_map(decision_named(name)))
    harmless = render_offline(incident_map(decision_named("Hazmat 1")))
    for mark in ("<script", "</script", "<img", 'onload=alert(1) x="', "<!--"):
        assert page.count(mark) == harmless.count(mark)
    assert "12345678987654321" not in page
