"""By whose word units go, when they roll then, and what a level-1 site keeps at home."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from api.joint import recommend_jointly
from data.models import Tier
from data.registry import Share
from tests.decision_town import ALWAYS, TURNOUT_S, Crew, Town, up_mill_road
from tests.river_town import QUAY

APPROVAL_S = 400.0
ROAD_S = 100.0
ROLLS_NOW_S = TURNOUT_S + ROAD_S
LONG_AGO = date(2020, 2, 1)
RESCUERS: Mapping[str, float | Share] = {"rescue": 6}


def lender(town: Town, can: Mapping[str, float | Share] = RESCUERS) -> Crew:
    """Write an authority that takes 400 s to approve; return its crew, 100 s up the road."""
    town.authority("county", APPROVAL_S)
    return Crew("county engine", up_mill_road(1000), can, authority="county")


def test_ours_are_ordered_and_others_requested_from_the_office_that_approves(town: Town) -> None:
    town.write(lender(town), Crew("our engine", up_mill_road(1000), {"rescue": 6}))
    told = town.report("rescue=12")
    ours, theirs = told.sent["our engine"].command, told.sent["county engine"].command
    assert (ours.how, ours.authority, ours.approver) == ("order", None, None)
    assert (theirs.how, theirs.authority, theirs.approver, theirs.phone) == (
        "request",
        "county",
        "county duty office",
        "110",
    )
    assert (theirs.agreement, theirs.call_out_cost_yuan, theirs.cost_per_hour_yuan) == (None, None, None)
    assert theirs.words.en.endswith("no agreement holds")
    assert theirs.words.zh.endswith("无有效协议")


def test_without_an_agreement_the_office_takes_its_time_to_approve(town: Town) -> None:
    town.write(lender(town))
    told = town.report("rescue=1")
    assert told.sent["county engine"].arrival_s == pytest.approx(ROLLS_NOW_S + APPROVAL_S, abs=0.1)


def test_under_an_agreement_it_rolls_within_what_was_promised_and_the_cost_is_shown(town: Town) -> None:
    town.write(lender(town))
    town.agree("county", "A-1", mobilise_within_s=150.0, call_out_cost_yuan=2000.0, cost_per_hour_yuan=500.0)
    sent = town.report("rescue=1").sent["county engine"]
    assert sent.arrival_s == pytest.approx(150 + ROAD_S, abs=0.1)
    command = sent.command
    assert (command.agreement, command.call_out_cost_yuan, command.cost_per_hour_yuan) == ("A-1", 2000, 500)
    assert "under agreement A-1" in command.words.en
    assert "依据协议A-1" in command.words.zh


def test_a_promise_quicker_than_the_turnout_makes_nobody_quicker(town: Town) -> None:
    town.write(lender(town))
    town.agree("county", "A-1", mobilise_within_s=10.0)
    assert town.report("rescue=1").sent["county engine"].arrival_s == pytest.approx(ROLLS_NOW_S, abs=0.1)


def test_an_agreement_that_has_ended_is_none_and_its_last_day_counts(town: Town) -> None:
    town.write(lender(town))
    today = town.picture("rescue=1").today
    town.agree("county", "old", capability="rescue", valid_until=today - timedelta(days=1))
    assert town.report("rescue=1").sent["county engine"].command.agreement is None
    town.agree("county", "coming", incident_kind="chemical-leak", valid_from=today + timedelta(days=1))
    assert town.report("rescue=1").sent["county engine"].command.agreement is None
    town.agree("county", "last day", valid_until=today)
    assert town.report("rescue=1").sent["county engine"].command.agreement == "last day"


def test_an_agreement_about_a_capability_holds_for_who_brings_it_however_often_it_is_asked_for(
    town: Town,
) -> None:
    town.write(lender(town, can={"medical": 4}))
    town.agree("county", "medics", capability="medical")
    command = town.report("hazmat=1,hazmat@2=1,medical=4").sent["county engine"].command
    assert command.agreement == "medics"


def test_an_agreement_about_a_capability_whose_certificate_has_expired_does_not_hold(town: Town) -> None:
    lapsed = Share(quantity=2, valid_until=LONG_AGO)
    town.write(lender(town, can={"hazmat": lapsed, "rescue": 6}))
    town.agree("county", "hazmat only", capability="hazmat")
    assert town.report("hazmat=1,rescue=6").sent["county engine"].command.agreement is None


def test_an_agreement_about_another_kind_of_incident_does_not_hold(town: Town) -> None:
    town.write(lender(town))
    town.agree("county", "fires", incident_kind="fire")
    assert town.report("rescue=1").sent["county engine"].command.agreement is None
    assert town.report("rescue=1", kind="fire").sent["county engine"].command.agreement == "fires"


def guarding(name: str, metres: float, guards: str = "works", *, in_service: bool = True) -> Crew:
    return Crew(
        name,
        up_mill_road(metres),
        RESCUERS,
        guards=guards,
        authority="works",
        tier=Tier.ENTERPRISE_FULL_TIME,
        in_service=in_service,
    )


def works(town: Town, grade: int = 1) -> int:
    town.authority("works", 0.0)
    return town.site("works", up_mill_road(1900), grade)


def test_a_level_1_site_keeps_its_last_unit_unless_it_consents(town: Town) -> None:
    works(town)
    town.agree("works", "stay")
    town.write(guarding("works engine", 1000), Crew("engine", up_mill_road(1800), {"rescue": 6}))
    told = town.report("rescue=6")
    kept = told.unlisted["works engine"]
    assert list(told.sent) == ["engine"]
    assert kept.reasons == ["held at home: it is the cover of works, which has not consented"]
    assert kept.reasons_zh == ["须留守works且对方尚未同意调出"]
    assert kept.would is not None
    assert kept.would.words.en == "first if its leaving home is consented to"
    town.agree("works", "go", capability="rescue", consents_to_bare_site=True)
    told = town.report("rescue=6")
    assert (list(told.sent), told.rank("works engine")) == (["works engine"], kept.would.rank)


def test_its_last_unit_goes_where_the_incident_is_at_the_site_itself(town: Town) -> None:
    number = works(town)
    town.write(guarding("works engine", 1000))
    told = town.report("rescue=6", hazard_source_id=number)
    assert told.sent["works engine"].own_team
    assert told.roles == {"works engine": {"rescue": 6}}


def test_a_level_2_site_keeps_nobody(town: Town) -> None:
    works(town, grade=2)
    town.write(guarding("works engine", 1000))
    assert list(town.report("rescue=6").sent) == ["works engine"]


def test_of_three_units_of_a_level_1_site_two_may_go(town: Town) -> None:
    works(town)
    town.write(guarding("works 1", 1000), guarding("works 2", 1100), guarding("works 3", 1900))
    told = town.report("rescue=18")
    assert list(told.sent) == ["works 1", "works 2"]
    assert told.answer.choice.shortfall == {"rescue": 6}
    why = told.listed["works 3"].why_not_sent
    assert why is not None
    assert why.en == "short of rescue, but its site keeps it"
    assert why.zh == "救援仍有缺口，但其须留守本单位"


def test_a_unit_out_of_service_is_no_cover_of_its_site(town: Town) -> None:
    works(town)
    town.write(guarding("works 1", 1000), guarding("works 2", 1100, in_service=False))
    told = town.report("rescue=6")
    assert not told.sent
    assert told.unlisted["works 1"].reasons[0].startswith("held at home")


def test_several_incidents_leave_a_level_1_site_its_last_unit_whoever_is_bound(town: Town) -> None:
    works(town)
    town.write(
        guarding("works 1", 1000),
        guarding("works 2", 1100),
        Crew("engine", up_mill_road(1900), {"rescue": 6}),
        Crew("spare engine", up_mill_road(1950), {"rescue": 6}),
    )
    one, other = town.report("rescue=6", severity=1), town.report("rescue=6", severity=2)

    def go(bound: Mapping[int, int]) -> list[list[str]]:
        said = recommend_jointly([one.incident, other.incident], bound, town.centre)
        return [[unit.name for unit in each.choice.units] for each in said.incidents]

    assert go({}) == [["works 1"], ["engine"]]
    assert go({one.listed["works 1"].id: one.incident}) == [["engine"], ["spare engine"]]


def test_who_is_alerted_at_the_quay_is_not_kept_for_another_site(town: Town) -> None:
    works(town)
    town.site("quay works", QUAY, 1)
    town.write(guarding("works engine", 1000), guarding("quay engine", 1500, guards="quay works"))
    told = town.report("rescue=12")
    assert list(told.sent) == ["quay engine"]
    assert told.unlisted["works engine"].reasons[0].startswith("held at home")


def test_the_first_tier_needs_no_word_and_each_one_more_says_what_it_spares(town: Town) -> None:
    town.write(
        Crew("works engine", up_mill_road(1800), {"rescue": 6}, tier=Tier.ENTERPRISE_FULL_TIME),
        Crew("brigade engine", up_mill_road(600), {"rescue": 4, "medical": 2}, crew=6),
    )
    told = town.report("rescue=10,medical=2")
    (step,) = told.answer.choice.escalation
    assert (step.tier, step.units) == ("fire-brigade", [told.sent["brigade engine"].id])
    assert [words.en for words in step.without] == [
        "rescue: 4 more would be missing",
        "medical: 2 more would be missing",
    ]
    assert [words.zh for words in step.without] == ["救援：还将缺4", "医疗救护：还将缺2"]


def test_a_tier_called_for_its_speed_says_how_much_later_it_would_be_without(town: Town) -> None:
    town.write(
        Crew("works engine", up_mill_road(1600), {"rescue": 6, "hazmat": 2}, tier=Tier.ENTERPRISE_FULL_TIME),
        Crew("works truck", up_mill_road(1990), {"hazmat": 2}, tier=Tier.ENTERPRISE_FULL_TIME, turnout_s=300),
        Crew("brigade engine", up_mill_road(400), {"hazmat": 2}),
    )
    told = town.report("rescue=6,hazmat=2")
    assert set(told.sent) == {"works engine", "brigade engine"}
    (step,) = told.answer.choice.escalation
    assert step.tier == "fire-brigade"
    assert [words.en for words in step.without] == ["hazmat: met 6.7 min later"]
    assert [words.zh for words in step.without] == ["危化品处置：满足将晚6.7分钟"]


def test_within_one_tier_nothing_escalates(town: Town) -> None:
    town.write(Crew("one", up_mill_road(100), {"rescue": 6}), Crew("two", up_mill_road(200), {"rescue": 6}))
    assert town.report("rescue=12").answer.choice.escalation == []


def test_an_agreement_in_force_since_long_holds(town: Town) -> None:
    town.write(lender(town))
    town.agree("county", "A-1", valid_from=ALWAYS)
    assert town.report("rescue=1").sent["county engine"].command.agreement == "A-1"
