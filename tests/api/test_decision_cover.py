"""What sending units uncovers at home, and the move-up that repairs it."""

import pytest

from tests.decision_town import TURNOUT_S, Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import QUAY


def test_the_source_loses_its_standard_when_the_only_crew_that_holds_it_goes(town: Town) -> None:
    tank = town.site("tank farm", up_mill_road(1900), 1)
    town.write(Crew("hazmat engine", up_mill_road(1500), {"hazmat": 2}))
    cover = town.report("hazmat=2").answer.cover
    (lost,) = cover.lost
    assert (lost.id, lost.name, lost.grade, lost.standard) == (tank, "tank farm", 1, "cover-grade-1")
    assert lost.before_s == pytest.approx(TURNOUT_S + 40, abs=0.1)
    assert lost.after_s is None
    assert (cover.covered_before, cover.covered_after) == ({"1": 1, "2": 0}, {"1": 0, "2": 0})
    assert cover.move_up is None
    assert cover.why_no_move is not None
    assert cover.why_no_move.en == "no unit that stays can drive to a vacated post"
    assert cover.why_no_move.zh == "没有留守队伍能够驶抵空出的驻点"


def test_the_crew_from_across_the_river_moves_up_to_the_post_that_is_left(town: Town) -> None:
    tank = town.site("tank farm", up_mill_road(1900), 1)
    town.write(
        Crew("hazmat engine", up_mill_road(1500), {"hazmat": 2}),
        Crew("east engine", over_the_bridge(9000), {"hazmat": 2}),
    )
    cover = town.report("hazmat=2").answer.cover
    assert cover.lost[0].after_s == pytest.approx(TURNOUT_S + 900 + 190, abs=0.5)
    move = cover.move_up
    assert move is not None
    assert (move.name, move.to_base, move.regains, move.newly_lost) == (
        "east engine",
        "hazmat engine",
        [tank],
        [],
    )
    assert move.drive_s == pytest.approx(900 + 150, abs=0.5)
    assert cover.why_no_move is None


def test_a_move_that_bares_as_much_as_it_repairs_is_not_advised(town: Town) -> None:
    town.site("tank farm", up_mill_road(1900), 1)
    town.site("east works", over_the_bridge(10_000), 1)
    town.write(
        Crew("hazmat engine", up_mill_road(1500), {"hazmat": 2}),
        Crew("east engine", over_the_bridge(10_100), {"hazmat": 2}),
    )
    cover = town.report("hazmat=2").answer.cover
    assert [lost.name for lost in cover.lost] == ["tank farm"]
    assert cover.move_up is None
    assert cover.why_no_move is not None
    assert cover.why_no_move.en == "no single move brings back more than it leaves bare"


def test_where_another_crew_still_holds_the_standard_nothing_is_lost(town: Town) -> None:
    town.site("tank farm", up_mill_road(1900), 1)
    town.write(
        Crew("hazmat engine", up_mill_road(1500), {"hazmat": 2}),
        Crew("spare engine", up_mill_road(1950), {"hazmat": 3}, turnout_s=500),
    )
    cover = town.report("hazmat=2").answer.cover
    assert (cover.lost, cover.move_up) == ([], None)
    assert cover.why_no_move is not None
    assert cover.why_no_move.en == "no source loses its standard of cover"


def test_a_crew_below_the_level_of_the_standard_never_held_it(town: Town) -> None:
    town.site("tank farm", up_mill_road(1900), 1)
    town.write(Crew("hazmat engine", up_mill_road(1500), {"hazmat": 1}))
    cover = town.report("hazmat=1").answer.cover
    assert (cover.lost, cover.covered_before["1"]) == ([], 0)


def test_the_standard_asks_for_hazmat_though_the_incident_does_not(town: Town) -> None:
    town.site("tank farm", up_mill_road(1900), 2)
    town.write(Crew("engine", up_mill_road(1500), {"hazmat": 2, "rescue": 6}))
    cover = town.report("rescue=6").answer.cover
    assert [(lost.grade, lost.standard_s) for lost in cover.lost] == [(2, 1200)]


def test_sources_of_lower_grades_are_owed_nothing(town: Town) -> None:
    town.site("shed", up_mill_road(1900), 3)
    town.site("ungraded", QUAY)
    town.write(Crew("hazmat engine", up_mill_road(1500), {"hazmat": 2}))
    assert town.report("hazmat=2").answer.cover.lost == []
