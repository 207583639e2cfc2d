"""Needs as people write them: what is read, what is refused, and what an answer says that cannot be met."""

import pytest

from api.answer import RequirementSaid
from api.needs import Supply, Wanted, parse_capabilities, parse_supplies
from data.registry import NewStock
from geo.errors import InvalidInputError
from tests.decision_town import Crew, Told, Town, up_mill_road


def sorbent(unit_of_measure: str, quantity: float, minimum: float = 0.0) -> NewStock:
    return NewStock(item="sorbent", unit_of_measure=unit_of_measure, quantity=quantity, minimum=minimum)


def asked_for(told: Told, *labels: str) -> list[RequirementSaid]:
    said = {requirement.label: requirement for requirement in told.answer.requirements}
    return [said[label] for label in labels]


def test_needs_are_read_with_their_level_and_deadline() -> None:
    assert parse_capabilities(" hazmat@2=3 , medical = 4 / 10 min,hazmat=2") == (
        Wanted("hazmat", 3, level=2),
        Wanted("medical", 4, deadline_s=600),
        Wanted("hazmat", 2),
    )
    assert parse_capabilities("hazmat@1.5=2/7.5min") == (Wanted("hazmat", 2, 1.5, 450),)


def test_supplies_are_read_with_their_unit_of_measure() -> None:
    assert parse_supplies("sorbent=0.5 t, chemical-suit=20") == (
        Supply("sorbent", 0.5, "t"),
        Supply("chemical-suit", 20, "piece"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is not NAME=QUANTITY, NAME@LEVEL=QUANTITY or …/10min"),
        ("hazmat=1,", "'' is not NAME=QUANTITY"),
        ("hazmat", "'hazmat' is not NAME=QUANTITY"),
        ("=3", "'=3' is not NAME=QUANTITY"),
        ("hazmat=", "'hazmat=' is not NAME=QUANTITY"),
        ("hazmat@=3", "'hazmat@=3' is not NAME=QUANTITY"),
        ("hazmat=3@2", "'3@2' is not a number"),
        ("hazmat@2@3=1", "'2@3' is not a number"),
        ("hazmat=1=2", "'1=2' is not a number"),
        ("hazmat=two", "'two' is not a number"),
        ("hazmat=0", "0 is not a quantity above zero"),
        ("hazmat=-2", "-2 is not a quantity above zero"),
        ("hazmat=nan", "nan is not a quantity above zero"),
        ("hazmat=inf", "inf is not a quantity above zero"),
        ("hazmat@0=3", "0 is not a level above zero"),
        ("hazmat@-1=3", "-1 is not a level above zero"),
        ("hazmat@high=3", "'high' is not a number"),
        ("hazmat@inf=3", "inf is not a level above zero"),
        ("medical=4/10", "'medical=4/10' is not NAME=QUANTITY"),
        ("medical=4/10s", "'medical=4/10s' is not NAME=QUANTITY"),
        ("medical=4/min", "'medical=4/min' is not NAME=QUANTITY"),
        ("medical=4/0min", "0 is not a number of minutes above zero"),
        ("medical=4/-5min", "-5 is not a number of minutes above zero"),
        ("medical=4/soonmin", "'soon' is not a number"),
        ("medical=4/5min/6min", "is not NAME=QUANTITY"),
        ("hazmat=1,hazmat=2", "'hazmat' is asked for twice"),
        ("hazmat@2=1,hazmat@2.0=3", "'hazmat' is asked for twice"),
        ("haz\tmat=1", "it holds control characters"),
    ],
)
def test_a_need_that_cannot_be_read_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_capabilities(text)
    assert refusal.value.field == "need"
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is not NAME=QUANTITY"),
        ("sorbent", "'sorbent' is not NAME=QUANTITY"),
        ("sorbent=", "is not NAME=QUANTITY"),
        ("=5kg", "is not NAME=QUANTITY"),
        ("sorbent=kg", "'kg' is no amount"),
        ("sorbent=0kg", "0 is not a quantity above zero"),
        ("sorbent=-5kg", "-5 is not a quantity above zero"),
        ("sorbent=1.2.3kg", "'1.2.3' is not a number"),
        ("sorbent=5ton", "'ton' is not known; use kg, t"),
        ("sorbent=5KG", "'KG' is not known; use kg, t"),
        ("sorbent=5kg,sorbent=1t", "'sorbent' is asked for twice"),
    ],
)
def test_a_supply_that_cannot_be_read_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_supplies(text)
    assert refusal.value.field == "supply"
    assert reason in refusal.value.reason


def test_a_level_nobody_can_ever_have_is_answered_with_what_is_missing_and_why(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(1200), {"hazmat": 3, "rescue": 6}))
    told = town.report("hazmat=9,rescue=4")
    hazmat, rescue = asked_for(told, "hazmat", "rescue")
    assert (hazmat.met_at_s, hazmat.missing) == (None, 6)
    assert hazmat.reason == "9 needed, 3 can come by road"
    assert told.answer.shortfall["hazmat"] == 6
    assert (rescue.met_at_s, rescue.reason) == (180, None)
    assert list(told.sent) == ["engine"], "what can be met is met all the same"


def test_more_crews_than_there_are_lack_the_rest(town: Town) -> None:
    town.write(
        Crew("engine", up_mill_road(1200), {"hazmat": 3}), Crew("van", up_mill_road(600), {"hazmat": 1})
    )
    [crews] = asked_for(town.report("hazmat@2=3"), "hazmat@2")
    assert (crews.met_at_s, crews.missing, crews.reason) == (None, 2, "3 needed, 1 can come by road")


def test_with_everybody_out_of_service_the_answer_says_that_nobody_can_come(town: Town) -> None:
    names = ("first", "second")
    town.write(*(Crew(name, up_mill_road(1200), {"rescue": 6}, in_service=False) for name in names))
    told = town.report("rescue=4")
    assert (told.answer.first_due, told.listed, told.sent) == (None, {}, {})
    [rescue] = asked_for(told, "rescue")
    assert (rescue.met_at_s, rescue.missing, rescue.reason) == (None, 4, "4 needed, 0 can come by road")
    assert {name: told.unlisted[name].reasons[0] for name in names} == dict.fromkeys(names, "out of service")


def test_an_empty_town_is_answered_as_well(town: Town) -> None:
    told = town.report("rescue=4", "sorbent=500kg")
    assert told.answer.first_due is None
    assert told.answer.shortfall == {"rescue": 4, "sorbent": 500}


def test_of_crews_that_are_all_alike_the_lowest_numbers_go_each_time(town: Town) -> None:
    town.write(*(Crew(f"engine {i}", up_mill_road(1200), {"rescue": 6}) for i in (3, 1, 2, 5, 4)))
    told = town.report("rescue=12")
    lowest = sorted(unit.id for unit in told.answer.units)[:2]
    assert [unit.id for unit in told.answer.choice.units] == lowest
    assert told.answer.first_due == lowest[0]
    assert [unit.id for unit in told.answer.units] == sorted(unit.id for unit in told.answer.units)
    for _ in range(3):
        again = town.again(told, "rescue=12").answer
        assert (again.units, again.choice) == (told.answer.units, told.answer.choice)


def test_a_supply_no_depot_can_count_in_that_unit_is_refused_with_the_units_that_can(town: Town) -> None:
    town.store("store", up_mill_road(600), sorbent("t", 0.4))
    town.store("shed", up_mill_road(900), sorbent("kg", 300))
    said = "supply: 'sorbent' is counted in kg, t, which cannot be compared with L; ask for it in kg, t, g"
    with pytest.raises(InvalidInputError, match=said):
        town.report("rescue=4", "sorbent=500L")
    assert town.report("rescue=4", "sorbent=0.5t").answer.shortfall == {"rescue": 4}


def test_a_supply_that_some_depot_counts_so_is_answered_and_the_others_are_noted(town: Town) -> None:
    town.store("store", up_mill_road(600), sorbent("L", 400))
    town.store("shed", up_mill_road(900), sorbent("kg", 300))
    told = town.report("rescue=4", "sorbent=500L")
    assert told.answer.shortfall == {"rescue": 4, "sorbent": 100}
    note = "sorbent is wanted in L: what depots count in kg cannot be compared with that and is left out"
    assert note in told.answer.notes
    assert note not in town.again(told, supply="sorbent=500kg").answer.notes


def test_an_item_nobody_stocks_is_a_shortfall_and_no_error(town: Town) -> None:
    town.store("store", up_mill_road(600), sorbent("kg", 400))
    told = town.report("rescue=4", "boom=50m")
    [boom] = asked_for(told, "boom")
    assert (boom.met_at_s, boom.missing, boom.reason) == (None, 50, "50 m needed, 0 m can come by road")
    assert not [note for note in told.answer.notes if note.startswith("boom")]


def test_the_minimum_stays_in_the_depot_unless_somebody_with_a_name_approves(town: Town) -> None:
    town.store("store", up_mill_road(600), sorbent("kg", 500, minimum=200))
    assert town.report("rescue=4", "sorbent=500kg").answer.shortfall["sorbent"] == 200
    approved = town.report("rescue=4", "sorbent=500kg", by="duty director").answer
    assert "sorbent" not in approved.shortfall
    assert approved.met_at_s["sorbent"] == 360
    assert approved.supply_choice.below_minimum_by == "duty director"
    for nobody in ("", "  ", "a\nb"):
        with pytest.raises(InvalidInputError, match="below_minimum_by: it names nobody"):
            town.report("rescue=4", "sorbent=500kg", by=nobody)
