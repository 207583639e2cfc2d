"""Who goes together: what counts more, near-equal choices, the same answer twice, and a choice cut short."""

from datetime import UTC, datetime

import pytest

from api.answer import Answer
from api.answering import make_answer
from data.models import Tier
from geo.errors import InvalidInputError
from tests.decision_town import TURNOUT_S, Crew, Told, Town, over_the_bridge, up_mill_road


def test_each_need_is_met_by_its_own_deadline_not_only_the_last_one_soon(town: Town) -> None:
    """The rescue truck decides when all is there; the nearest ambulance goes all the same."""
    town.write(
        Crew("near ambulance", up_mill_road(600), {"medical": 2}),
        Crew("far ambulance", over_the_bridge(6000), {"medical": 2}),
        Crew("rescue truck", over_the_bridge(9000), {"rescue": 6}),
    )
    told = town.report("medical=2/10min,rescue=6")
    assert set(told.sent) == {"near ambulance", "rescue truck"}
    assert told.answer.choice.met_at_s == pytest.approx(
        {"medical": TURNOUT_S + 60, "rescue": TURNOUT_S + 900}, abs=0.2
    )


def test_taking_the_soonest_for_each_need_in_turn_would_be_worse(town: Town) -> None:
    """Whoever takes the soonest for rescue first has nobody left for hazmat but a crew across the river."""
    town.write(
        Crew("both", up_mill_road(500), {"rescue": 6, "hazmat": 2}),
        Crew("rescue only", up_mill_road(1000), {"rescue": 6}),
        Crew("hazmat far", over_the_bridge(9000), {"hazmat": 2}),
    )
    told = town.report("rescue=6,hazmat=2")
    assert told.roles == {"both": {"hazmat": 1}, "rescue only": {"rescue": 6}}
    assert told.answer.choice.proved


def test_of_equal_choices_the_lower_tier_goes(town: Town) -> None:
    place = up_mill_road(800)
    town.write(
        Crew("volunteers", place, {"rescue": 6}, tier=Tier.VOLUNTEER),
        Crew("first", up_mill_road(100), {"rescue": 2}),
        Crew("works", place, {"rescue": 6}, tier=Tier.ENTERPRISE_FULL_TIME),
    )
    assert list(town.report("rescue=8").sent) == ["first", "works"]


def test_near_equal_choices_are_shown_as_such(town: Town) -> None:
    town.write(
        Crew("first", up_mill_road(100), {"rescue": 2}),
        Crew("second", up_mill_road(800), {"rescue": 6}),
        Crew("third", up_mill_road(1300), {"rescue": 6}),
        Crew("fourth", up_mill_road(1500), {"rescue": 6}),
    )
    told = town.report("rescue=8")
    assert list(told.sent) == ["first", "second"]
    (swap,) = told.answer.choice.near_equal
    third, fourth = told.listed["third"], told.listed["fourth"]
    assert (swap.sent, swap.instead) == (told.sent["second"].id, third.id)
    assert swap.later_s == pytest.approx(50, abs=0.1), "the fourth would be 70 s later: not near"
    assert third.why_not_sent is not None
    assert third.why_not_sent.en == "near-equal: could go in place of second, 50 s later"
    assert third.why_not_sent.zh == "相近方案：可替代second，晚50秒"
    assert fourth.why_not_sent is not None
    assert fourth.why_not_sent.en == "rescue: met without it"
    assert fourth.why_not_sent.zh == "救援：无须其出动即可满足"


def test_two_who_are_tied_are_settled_by_their_numbers_and_both_are_shown(town: Town) -> None:
    place = up_mill_road(800)
    town.write(*(Crew(name, place, {"rescue": 6}) for name in ("a", "b", "c")))
    told = town.report("rescue=6")
    assert list(told.sent) == ["a"]
    assert [unit.arrival_s for unit in told.answer.units] == [told.sent["a"].arrival_s] * 3


def test_the_levels_are_said_in_their_order_each_proved(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(500), {"rescue": 6}))
    choice = town.report("rescue=6").answer.choice
    assert [level.name for level in choice.levels] == [
        "shortfall",
        "first_capable",
        "lateness",
        "met",
        "completion",
        "units",
        "tier",
    ]
    assert all(level.proved and level.gap == 0 and level.value == level.bound for level in choice.levels)


def test_with_everybody_busy_nobody_goes_and_everything_is_missing(town: Town) -> None:
    town.write(*(Crew(name, up_mill_road(500), {"rescue": 6}, in_service=False) for name in ("a", "b")))
    answer = town.report("rescue=6").answer
    assert (answer.units, answer.choice.units, answer.first_due) == ([], [], None)
    assert answer.choice.shortfall == {"rescue": 6}
    assert {said.name for said in answer.passed_over} == {"a", "b"}
    assert all(said.would and said.would.rank == 1 for said in answer.passed_over)


def test_in_a_town_with_nobody_the_answer_says_what_is_missing(town: Town) -> None:
    answer = town.report("rescue=6", "sorbent=5kg").answer
    assert (answer.units, answer.passed_over, answer.farther) == ([], [], [])
    assert answer.shortfall == {"rescue": 6, "sorbent": 5}


def test_what_nobody_can_ever_bring_leaves_the_rest_as_it_would_be(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(500), {"rescue": 6, "hazmat": 3}))
    told = town.report("hazmat=9,rescue=6")
    assert told.roles == {"engine": {"rescue": 6}}
    assert told.answer.choice.shortfall == {"hazmat": 1}
    assert told.answer.shortfall["hazmat"] == 6, "three of the nine levels are there"


@pytest.mark.parametrize("need", ["rescue=0", "rescue=-1", "hazmat@0=2", "rescue=6/0min", "juggling=2"])
def test_a_need_that_makes_no_sense_is_refused(town: Town, need: str) -> None:
    with pytest.raises(InvalidInputError, match="need"):
        town.report(need)


CREW = 6
SKILLS = ("rescue", "medical", "decontamination")
TORN_NEED = "rescue=40/4min,medical=35/4min,decontamination=38/4min"


def torn(i: int) -> Crew:
    """Return one of many crews that could each do several things, but not all of them at once."""
    return Crew(
        f"crew {i}",
        up_mill_road(300 + 53 * i % 1700),
        {skill: 3.0 + (i * (j + 2)) % 4 for j, skill in enumerate(SKILLS)},
        crew=CREW,
        turnout_s=30.0 + 17 * i % 60,
    )


def can_be_carried_out(told: Told) -> bool:
    """Tell whether each crew has the people for its roles, and all that is not short is brought."""
    choice = told.answer.choice
    for roles in told.roles.values():
        cleaners = CREW if "decontamination" in roles else 0
        if roles.get("rescue", 0) + roles.get("medical", 0) + cleaners > CREW:
            return False
    brought = {skill: sum(roles.get(skill, 0) for roles in told.roles.values()) for skill in SKILLS}
    needs = [need for need in told.answer.requirements if need.what == "capability"]
    return all(brought[need.name] + choice.shortfall.get(need.name, 0) >= need.quantity for need in needs)


def test_a_choice_cut_by_its_time_limit_goes_out_unproved_and_can_be_carried_out(town: Town) -> None:
    town.write(*(torn(i) for i in range(30)))
    picture = town.picture(TORN_NEED)
    at_once = town.with_settings(choice_time_limit_s=1e-9).centre.settings
    cut, whole = (Told(0, make_answer(picture, settings)) for settings in (at_once, town.centre.settings))
    assert (cut.answer.choice.proved, whole.answer.choice.proved) == (False, True)
    assert can_be_carried_out(cut)
    assert can_be_carried_out(whole)
    unproved = [level for level in cut.answer.choice.levels if not level.proved]
    assert unproved
    for level in unproved:
        assert level.value is not None
        assert level.bound is not None
        assert level.bound < level.value
        assert level.gap > 0


def test_the_same_picture_gives_the_same_answer(town: Town) -> None:
    town.write(*(torn(i) for i in range(30)))
    picture = town.picture(TORN_NEED)
    first, second = (make_answer(picture, town.centre.settings) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()
    assert undated(make_answer(town.picture(TORN_NEED), town.centre.settings)) == undated(first)


def undated(answer: Answer) -> Answer:
    """Return an answer as if it had been asked for and given at noon."""
    noon = datetime(2027, 1, 1, 4, tzinfo=UTC)
    incident = answer.incident.model_copy(update={"reported_at": noon})
    return answer.model_copy(update={"made_at": noon, "incident": incident})


def test_the_order_in_which_crews_are_written_decides_nothing(town: Town) -> None:
    town.write(*(torn(i) for i in range(30)))
    first = town.report(TORN_NEED).answer.choice
    town.empty()
    town.write(*(torn(i) for i in reversed(range(30))))
    second = town.report(TORN_NEED).answer.choice
    assert [level.value for level in first.levels] == [level.value for level in second.levels]
    assert first.met_at_s == second.met_at_s


def test_every_answer_is_replayed_to_the_byte_whatever_became_of_the_town(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(500), {"rescue": 6}))
    closed = town.close_bridge("flood")
    for need in ("rescue=6", "rescue=12,hazmat=2", "hazmat@2=3"):
        town.report(need, "sorbent=5kg")
    town.reopen(closed)
    town.empty()
    assert town.replay_all() >= 3
