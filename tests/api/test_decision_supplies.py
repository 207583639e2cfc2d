"""Which depot gives what, who brings it, and what stays where it is."""

from datetime import UTC, date, datetime

import pytest

from api.answer_choice import DeliverySaid
from data.models import VehicleProfile
from data.registry import NewStock
from tests.decision_town import LOADING_S, TURNOUT_S, Crew, Told, Town, over_the_bridge, up_mill_road
from tests.river_town import NORTH_STREET

LAPSED = date(2024, 2, 29)
FAR = over_the_bridge(8000)


def sorbent(quantity: float, unit_of_measure: str = "kg", **more: object) -> NewStock:
    said = {"item": "sorbent", "quantity": quantity, "unit_of_measure": unit_of_measure}
    return NewStock.model_validate(said | more)


def deliveries(told: Told) -> dict[str, DeliverySaid]:
    return {each.name: each for each in told.answer.supply_choice.deliveries}


def given(told: Told) -> dict[str, dict[str, float]]:
    return {name: each.items for name, each in deliveries(told).items()}


def two_engines(town: Town) -> None:
    """Write an engine that is first, and one that comes by the bridge: 60 s and 800 s of driving."""
    town.write(
        Crew("first engine", up_mill_road(500), {"rescue": 6}),
        Crew("second engine", FAR, {"rescue": 6}),
    )


def test_a_depot_delivers_after_loading_and_driving(town: Town) -> None:
    two_engines(town)
    town.store("depot", up_mill_road(1000), sorbent(500))
    told = town.report("rescue=6", "sorbent=300kg")
    said = deliveries(told)["depot"]
    assert (said.how, said.items, said.carrier) == ("delivered", {"sorbent": 300}, None)
    assert said.arrival_s == pytest.approx(LOADING_S + 100, abs=0.1)
    assert told.answer.supply_choice.met_at_s == {"sorbent": said.arrival_s}
    assert told.answer.depots[0].arrival_p90_s == pytest.approx(LOADING_S + 1.5 * 100, abs=0.1)


def test_two_depots_give_together_what_neither_has(town: Town) -> None:
    two_engines(town)
    town.store("near", up_mill_road(500), sorbent(0.2, "t"))
    town.store("far", up_mill_road(1500), sorbent(900))
    told = town.report("rescue=6", "sorbent=300kg")
    assert given(told) == {"near": {"sorbent": 200}, "far": {"sorbent": 100}}
    assert told.answer.supply_choice.met_at_s["sorbent"] == pytest.approx(LOADING_S + 150, abs=0.1)


def test_a_unit_with_time_on_its_way_brings_what_a_depot_without_a_vehicle_has(town: Town) -> None:
    two_engines(town)
    town.write(Crew("last engine", FAR, {"rescue": 6}, turnout_s=1000))
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    told = town.report("rescue=18", "sorbent=300kg")
    said = deliveries(told)["bridge depot"]
    assert (said.how, said.carrier_name) == ("picked up", "second engine")
    assert said.arrival_s == pytest.approx(TURNOUT_S + 800 + LOADING_S, abs=0.1)
    assert said.carrier_later_s == pytest.approx(LOADING_S, abs=0.1)
    second = {unit.name: unit for unit in told.answer.choice.units}["second engine"]
    assert (second.arrival_s, second.by_way_of) == (said.arrival_s, "bridge depot")
    assert told.answer.choice.met_at_s["rescue"] == pytest.approx(1800, abs=0.1)


def test_a_unit_that_nothing_else_needs_is_sent_to_fetch_what_would_be_short(town: Town) -> None:
    two_engines(town)
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    told = town.report("rescue=6", "sorbent=300kg")
    assert deliveries(told)["bridge depot"].carrier_name == "second engine"
    first, fetcher = told.answer.choice.units
    assert (fetcher.name, fetcher.roles, fetcher.by_way_of) == ("second engine", [], "bridge depot")
    assert first.arrival_s == pytest.approx(TURNOUT_S + 50, abs=0.1)


def test_a_depot_delivers_where_that_is_sooner_and_a_unit_fetches_where_it_cannot(town: Town) -> None:
    town.write(
        Crew("first engine", up_mill_road(0), {"rescue": 6}, turnout_s=0),
        Crew("second engine", up_mill_road(1000), {"rescue": 6}, turnout_s=0),
    )
    town.store("depot", up_mill_road(900), sorbent(500))
    delivered = deliveries(town.report("rescue=12/30min", "sorbent=300kg"))["depot"]
    assert delivered.how == "delivered"
    assert delivered.arrival_s == pytest.approx(LOADING_S + 90, abs=0.1)
    town.store("more", over_the_bridge(10_200), sorbent(500), delivers=False)
    both = deliveries(town.report("rescue=6", "sorbent=1000kg"))
    assert both["depot"].how == "delivered"
    assert (both["more"].how, both["more"].carrier_name) == ("picked up", "second engine")


def test_the_first_due_fetches_nothing(town: Town) -> None:
    town.write(Crew("only engine", FAR, {"rescue": 6}))
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    choice = town.report("rescue=6/60min", "sorbent=300kg").answer.supply_choice
    assert (choice.deliveries, choice.shortfall) == ([], {"sorbent": 300})
    assert choice.why_short["sorbent"].en == "depots have enough, but no vehicle or unit can bring it"


def test_the_first_due_fetches_nothing_though_the_gate_team_is_there_before_it(town: Town) -> None:
    town.site("works", up_mill_road(0))
    town.write(
        Crew("gate team", up_mill_road(100), {"pumping": 5}, guards="works"),
        Crew("only engine", FAR, {"rescue": 6}),
    )
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    choice = town.report("rescue=6/60min", "sorbent=300kg").answer.supply_choice
    assert choice.deliveries == []


def test_nobody_fetches_by_whom_a_need_would_be_met_later_whatever_its_deadline(town: Town) -> None:
    two_engines(town)
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    told = town.report("rescue=12/120min", "sorbent=300kg")
    assert given(told) == {}
    assert told.answer.choice.met_at_s["rescue"] == pytest.approx(TURNOUT_S + 800, abs=0.1)


def test_an_ambulance_keeps_its_room_for_the_hurt(town: Town) -> None:
    town.write(
        Crew("engine", up_mill_road(500), {"rescue": 6}),
        Crew("ambulance", FAR, {"medical": 2}, vehicle=VehicleProfile.AMBULANCE),
    )
    town.store("bridge depot", NORTH_STREET, sorbent(500), delivers=False)
    assert given(town.report("rescue=6,medical=2/60min", "sorbent=300kg")) == {}


def test_the_minimum_stays_unless_somebody_approves_and_is_named(town: Town) -> None:
    two_engines(town)
    town.store("depot", up_mill_road(1000), sorbent(500, minimum=400))
    kept = town.report("rescue=6", "sorbent=300kg")
    assert given(kept) == {"depot": {"sorbent": 100}}
    assert kept.answer.supply_choice.shortfall == {"sorbent": 200}
    released = town.report("rescue=6", "sorbent=300kg", "deputy mayor Li")
    assert given(released) == {"depot": {"sorbent": 300}}
    assert released.answer.supply_choice.below_minimum_by == "deputy mayor Li"


def test_a_depot_that_holds_its_minimum_alone_says_so(town: Town) -> None:
    two_engines(town)
    town.store("depot", up_mill_road(1000), sorbent(300, minimum=400))
    kept = town.report("rescue=6", "sorbent=300kg").unlisted["depot"]
    assert kept.reasons == ["stock held: 300 kg of sorbent kept as its minimum"]
    assert kept.would is not None
    assert kept.would.words.en == "first if its minimum of sorbent is released"
    released = town.report("rescue=6", "sorbent=300kg", "deputy mayor Li").answer
    assert [depot.name for depot in released.depots] == ["depot"]


def test_an_expired_batch_does_not_count_and_its_last_day_still_does(town: Town) -> None:
    two_engines(town)
    today = town.picture("rescue=6").today
    town.store("old", up_mill_road(500), sorbent(500, batch="B1", expires_on=LAPSED))
    town.store(
        "both",
        up_mill_road(1000),
        sorbent(100, batch="B1", expires_on=today),
        sorbent(50, batch="B2"),
        sorbent(10, batch="B3", expires_on=LAPSED),
    )
    told = town.report("rescue=6", "sorbent=500kg")
    assert given(told) == {"both": {"sorbent": 150}}
    (both,) = told.answer.depots
    assert [said.en for said in both.not_counted] == ["stock expired: 10 kg of sorbent on 2024-02-29"]
    assert told.unlisted["old"].reasons == ["stock expired: 500 kg of sorbent on 2024-02-29"]
    assert told.unlisted["old"].reasons_zh == ["吸附材料500kg已于2024-02-29过期"]


def test_reserves_count_from_when_they_are_made(town: Town) -> None:
    two_engines(town)
    town.store(
        "plant",
        up_mill_road(1000),
        sorbent(100, batch="now"),
        sorbent(200, batch="shift", available_after_s=4 * 3600),
        sorbent(700, batch="tomorrow", available_after_s=24 * 3600),
    )
    told = town.report("rescue=6", "sorbent=300kg").answer.supply_choice
    assert [(at.at_s, at.items["sorbent"]) for at in told.over_time] == [
        (0, 100),
        (4 * 3600, 300),
        (24 * 3600, 1000),
    ]
    assert [each.items["sorbent"] for each in told.deliveries] == [100, 200]
    assert [each.arrival_s for each in told.deliveries] == pytest.approx(
        [LOADING_S + 100, 4 * 3600 + LOADING_S + 100], abs=0.1
    )
    assert told.met_at_s["sorbent"] == pytest.approx(4 * 3600 + LOADING_S + 100, abs=0.1)


def test_a_reserve_alone_says_from_when_it_counts(town: Town) -> None:
    two_engines(town)
    town.store("plant", up_mill_road(1000), sorbent(200, available_after_s=4 * 3600))
    told = town.report("rescue=6", "sorbent=300kg")
    assert told.unlisted["plant"].reasons == ["stock later: 200 kg of sorbent only after 4 h"]
    assert told.unlisted["plant"].reasons_zh == ["吸附材料200kg须4小时后方可提供"]


def test_litres_of_what_is_asked_for_in_kilograms_are_none(town: Town) -> None:
    two_engines(town)
    town.store("litres", up_mill_road(500), sorbent(900, "L"))
    town.store("kilograms", up_mill_road(1000), sorbent(100))
    told = town.report("rescue=6", "sorbent=300kg")
    assert given(told) == {"kilograms": {"sorbent": 100}}
    litres = told.unlisted["litres"]
    assert litres.reasons == ["no stock: its sorbent is counted in L, which cannot be compared with kg"]
    assert litres.reasons_zh == ["吸附材料以L计量，无法与kg换算"]


def test_what_nobody_holds_is_said_to_be_nowhere(town: Town) -> None:
    two_engines(town)
    town.store("depot", up_mill_road(500), sorbent(900))
    choice = town.report("rescue=6", "sorbent=1t,sandbag=5").answer.supply_choice
    assert choice.shortfall == {"sorbent": 0.1, "sandbag": 5}
    assert choice.why_short["sandbag"].en == "no depot has any to give"
    assert choice.why_short["sorbent"].en == "all depots together have too little to give"
    assert all(why.zh for why in choice.why_short.values())


def test_a_batch_expires_by_the_local_day(town: Town) -> None:
    two_engines(town)
    town.store("depot", up_mill_road(500), sorbent(900, expires_on=date(2027, 3, 31)))
    before = town.told_at(datetime(2027, 3, 31, 15, 59, tzinfo=UTC), "rescue=6", "sorbent=1kg")
    after = town.told_at(datetime(2027, 3, 31, 16, 1, tzinfo=UTC), "rescue=6", "sorbent=1kg")
    assert given(before) == {"depot": {"sorbent": 1}}
    assert after.unlisted["depot"].reasons == ["stock expired: 900 kg of sorbent on 2027-03-31"]
