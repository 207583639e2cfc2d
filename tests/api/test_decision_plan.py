"""Which response plan speaks for an incident, what is copied into it, and whom it says to call."""

from shapely import Point
from sqlalchemy import update

from data.database import transaction
from data.models import Incident, PlanNeed, ResponsePlan
from tests.decision_town import Crew, Told, Town, up_mill_road
from tests.river_town import FAR_FIELD, NORTH_STREET, QUAY

WORKS = up_mill_road(100)
ORDER = "{kind} of severity {severity} at {place}: {substance}. You arrive at {arrival}."


def staffed(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(1200), {"rescue": 6, "medical": 4, "hazmat": 3, "command": 1}))


def speaks(told: Told) -> str:
    return told.answer.plan.name


def at_the_works(town: Town, substance: str | None = None) -> str:
    return speaks(town.report(None, severity=4, place=WORKS, substance=substance))


def test_the_plan_that_names_more_speaks_then_the_substance_then_the_grade_then_the_severity(
    town: Town,
) -> None:
    staffed(town)
    town.site("acid works", WORKS, grade=3)
    town.plan("any")
    town.plan("grade", grade=3)
    town.plan("acid", substance="acid")
    assert at_the_works(town) == "grade", "the shipped plan names the severity, which is less"
    assert at_the_works(town, "Acid, hot") == "acid"
    town.plan("grade and severity", grade=3, severity=4)
    assert at_the_works(town, "acid") == "grade and severity"
    town.plan("acid and severity", substance="acid", severity=4)
    assert at_the_works(town, "acid") == "acid and severity"
    town.plan("acid and grade", substance="acid", grade=3)
    assert at_the_works(town, "acid") == "acid and grade"
    assert speaks(town.report(None, severity=4, place=NORTH_STREET)) == "chemical-leak severity 4 (default)"


def test_a_plan_changed_afterwards_leaves_the_incident_as_it_was(town: Town) -> None:
    staffed(town)
    town.plan("acid", substance="acid", needs=({"capability": "rescue", "quantity": 2},))
    before = town.report(None, substance="acid")
    with transaction(town.centre.sessions) as session:
        session.execute(update(ResponsePlan).where(ResponsePlan.name == "acid").values(order_text="Stay."))
        session.execute(update(PlanNeed).where(PlanNeed.capability == "rescue").values(quantity=5))
    after, new = town.again(before), town.report(None, substance="acid")
    wanted = [told.answer.requirements[0].quantity for told in (before, after, new)]
    assert wanted == [2, 2, 5]
    assert [told.answer.plan.order_text for told in (before, after, new)] == ["Go.", "Go.", "Stay."]


def test_an_incident_recorded_before_plans_were_copied_follows_the_one_that_fits_now(town: Town) -> None:
    town.write(Crew("engine", up_mill_road(1000), {"rescue": 6}))
    told = town.report(None, substance="acid")
    town.plan("acid", substance="acid", needs=({"capability": "rescue", "quantity": 2},))
    with transaction(town.centre.sessions) as session:
        session.execute(update(Incident).where(Incident.id == told.incident).values(plan=None))
    assert town.again(told).answer.plan.name == "acid"


def test_what_people_ask_for_is_put_in_the_place_of_the_plan_and_stays_with_the_incident(town: Town) -> None:
    staffed(town)
    town.plan(
        "acid",
        substance="acid",
        supplies=({"item": "lime", "quantity": 9, "unit_of_measure": "kg"},),
        action_card="Wash.",
    )
    told = town.report("medical=2/10min", substance="acid")
    for one in (told, town.again(told)):
        said = {each.name: each for each in one.answer.requirements}
        assert list(said) == ["medical", "lime"]
        assert (said["medical"].quantity, said["medical"].deadline_s) == (2, 600)
        assert (said["medical"].asked_by, said["lime"].asked_by) == ("as asked for", "response plan: acid")
        assert (one.answer.plan.name, one.answer.plan.action_card) == ("acid", "Wash.")
    once = town.again(told, "rescue=1", "sandbag=5")
    assert [each.name for each in once.answer.requirements] == ["rescue", "sandbag"]
    assert [each.name for each in town.again(told).answer.requirements] == ["medical", "lime"]


def test_contacts_are_those_of_the_place_the_nearer_ones_first(town: Town) -> None:
    staffed(town)
    around_the_quay = Point(QUAY.lon, QUAY.lat).buffer(0.002)
    in_the_field = Point(FAR_FIELD.lon, FAR_FIELD.lat).buffer(0.002)
    town.plan(
        "acid",
        substance="acid",
        contacts=(
            {"role": "lead", "name": "city desk", "phone": "1"},
            {"role": "harbour", "name": "harbour master", "phone": "2", "area": around_the_quay},
            {"role": "farm", "name": "farmer", "phone": "3", "area": in_the_field},
        ),
    )
    contacts = town.report(None, substance="acid").answer.plan.contacts
    assert [(one.role, one.name, one.phone) for one in contacts] == [
        ("harbour", "harbour master", "2"),
        ("lead", "city desk", "1"),
    ]


def test_the_order_is_filled_in_but_for_the_arrival_of_each_unit(town: Town) -> None:
    staffed(town)
    town.site("acid works", QUAY)
    town.plan("acid", substance="acid", order_text=ORDER)
    said = town.report(None, substance="acid").answer.plan.order_text
    assert said == "chemical-leak of severity 2 at acid works: acid. You arrive at {arrival}."
    there = town.report(None, substance="acid", place=NORTH_STREET).answer.plan.order_text
    assert f"at {NORTH_STREET.lon},{NORTH_STREET.lat}: acid" in there


def test_words_of_the_caller_fill_nothing_in(town: Town) -> None:
    staffed(town)
    town.site("the {substance} works", QUAY)
    town.plan("acid", substance="acid", order_text=ORDER)
    said = town.report(None, substance="acid {arrival}").answer.plan.order_text
    assert said == (
        "chemical-leak of severity 2 at the {substance} works: acid {arrival}. You arrive at {arrival}."
    )


def test_standards_of_the_plan_are_said_with_their_source(town: Town) -> None:
    staffed(town)
    town.plan("acid", substance="acid", standards=("cover-grade-1", "fire-station-drive"))
    standards = town.report(None, substance="acid").answer.plan.standards
    assert [(one.code, one.seconds) for one in standards] == [
        ("cover-grade-1", 900),
        ("fire-station-drive", 240),
    ]
    assert all(one.source and one.name.zh for one in standards)
