"""
What would change it is true: each change that is stated is made in the registry, and the rank is as stated.

A near and a far engine are listed, 100 s and 960 s up the road; whoever is looked at would stand between.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from geoalchemy2.shape import from_shape
from sqlalchemy import select, update

from api.answer import WouldSaid
from data.database import transaction
from data.models import Agreement, Stock, Tier, Unit, UnitCapability
from data.models.base import WGS84_SRID
from data.registry import NewStock, Share
from data.registry.rows import point
from tests.decision_town import Crew, Told, Town, over_the_bridge, up_mill_road
from tests.river_town import FAR_FIELD, ISLAND, NORTH_STREET, QUAY

NEED, SUPPLY = "hazmat=2,medical@2=4", "sorbent=100kg"
BETWEEN = up_mill_road(1800)
LAPSED = date(2024, 2, 29)
ABLE = {"hazmat": 2.0}


def looked_at(town: Town, crew: Crew) -> None:
    """Write the near and the far engine, and somebody between who is not listed."""
    town.write(
        Crew("near", up_mill_road(1000), {"hazmat": 2}),
        crew,
        Crew("far", over_the_bridge(9600), {"hazmat": 2}),
    )


def would(told: Told, name: str = "crew") -> WouldSaid:
    said = told.unlisted[name].would
    assert said is not None, told.unlisted[name].reasons
    assert (said.words.en, said.words.zh) != ("", "")
    return said


def asks(town: Town) -> Told:
    return town.report(NEED, SUPPLY)


def test_back_in_service(town: Town) -> None:
    looked_at(town, Crew("crew", BETWEEN, ABLE, in_service=False))
    said = would(asks(town))
    assert said.words.en == "second if it is back in service"
    assert said.words.zh == "若恢复执勤则列第二"
    town.change_unit("crew", in_service=True)
    assert asks(town).rank("crew") == said.rank == 2


def test_the_capability_it_lacks(town: Town) -> None:
    looked_at(town, Crew("crew", BETWEEN, {"pumping": 10}))
    said = would(asks(town))
    assert said.changes == ["it offers hazmat 2"]
    with transaction(town.centre.sessions) as session:
        unit = session.scalars(select(Unit.id).where(Unit.name == "crew")).one()
        session.add(UnitCapability(unit_id=unit, capability="hazmat", quantity=2))
    assert asks(town).rank("crew") == said.rank == 2


def test_a_level_that_is_too_low(town: Town) -> None:
    looked_at(town, Crew("crew", BETWEEN, {"medical": Share(quantity=3, level=1)}))
    told = asks(town)
    (reason,) = told.unlisted["crew"].reasons
    assert "medical level 1 of 2 needed" in reason
    said = would(told)
    assert said.changes == ["it offers medical 3 at level 2"]
    town.change_share("crew", "medical", level=2)
    assert asks(town).rank("crew") == said.rank == 2


def test_a_certificate_that_is_renewed(town: Town) -> None:
    looked_at(town, Crew("crew", BETWEEN, {"hazmat": Share(quantity=2, valid_until=LAPSED)}))
    said = would(asks(town))
    assert said.words.en == "second if its hazmat certificate is renewed"
    town.change_share("crew", "hazmat", valid_until=date(2099, 1, 1))
    assert asks(town).rank("crew") == said.rank == 2


def test_a_certificate_renewed_under_an_agreement_that_then_holds(town: Town) -> None:
    town.authority("county", 2000.0)
    town.agree("county", "hazmat", capability="hazmat", mobilise_within_s=60.0)
    lapsed = {"hazmat": Share(quantity=2, valid_until=LAPSED)}
    looked_at(town, Crew("crew", BETWEEN, lapsed, authority="county"))
    said = would(asks(town))
    town.change_share("crew", "hazmat", valid_until=date(2099, 1, 1))
    assert asks(town).rank("crew") == said.rank == 2


def test_the_bridge_reopens(town: Town) -> None:
    looked_at(town, Crew("crew", over_the_bridge(7000), ABLE))
    closed = town.close_bridge("flood on the bridge")
    told = asks(town)
    assert list(told.listed) == ["near"]
    assert told.unlisted["crew"].reasons == ["unreachable: road closed: flood on the bridge"]
    crew, far = would(told), would(told, "far")
    assert crew.words.en == "second if flood on the bridge reopens"
    town.reopen(closed)
    after = asks(town)
    assert (after.rank("crew"), after.rank("far")) == (crew.rank, far.rank) == (2, 3)


def test_one_more_thing_is_wrong_behind_the_closed_bridge(town: Town) -> None:
    lapsed = {"hazmat": Share(quantity=2, valid_until=LAPSED)}
    looked_at(town, Crew("crew", over_the_bridge(7000), lapsed, in_service=False))
    closed = town.close_bridge("flood on the bridge")
    said = would(asks(town))
    assert said.changes == [
        "it is back in service",
        "its hazmat certificate is renewed",
        "flood on the bridge reopens",
    ]
    town.change_unit("crew", in_service=True)
    town.change_share("crew", "hazmat", valid_until=None)
    assert "crew" in asks(town).unlisted, "all three are needed"
    town.reopen(closed)
    assert asks(town).rank("crew") == said.rank == 2


def test_a_position_dated_in_the_future(town: Town) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    looked_at(town, Crew("crew", BETWEEN, ABLE, seen=(NORTH_STREET, tomorrow)))
    said = would(asks(town))
    assert said.words.en == "second if a good position shows it at its base"
    at_base = from_shape(point(BETWEEN), WGS84_SRID)
    town.change_unit("crew", position=at_base, position_at=datetime.now(UTC))
    assert asks(town).rank("crew") == said.rank == 2


def test_nothing_moves_who_stands_in_a_field_and_no_road_is_built_to_an_island(town: Town) -> None:
    looked_at(town, Crew("crew", FAR_FIELD, ABLE))
    town.write(Crew("islanders", ISLAND, ABLE))
    told = asks(town)
    assert told.unlisted["crew"].reasons == ["off the network by 900 m"]
    assert told.unlisted["islanders"].reasons == ["unreachable: no road leads from there to the incident"]
    assert (told.unlisted["crew"].would, told.unlisted["islanders"].would) == (None, None)


def guard(name: str, metres: float, authority: str = "works", *, in_service: bool = True) -> Crew:
    return Crew(
        name,
        up_mill_road(metres),
        ABLE,
        guards="works",
        authority=authority,
        in_service=in_service,
        tier=Tier.ENTERPRISE_FULL_TIME,
    )


def guarded_works(town: Town) -> None:
    town.site("works", over_the_bridge(6000), 1)
    for authority in ("works", "landlord"):
        town.authority(authority, 0.0)
        town.agree(authority, f"of {authority}")


def consent(town: Town, number: str) -> None:
    with transaction(town.centre.sessions) as session:
        session.execute(
            update(Agreement).where(Agreement.number == number).values(consents_to_bare_site=True)
        )


def test_the_site_consents(town: Town) -> None:
    guarded_works(town)
    looked_at(town, guard("crew", 1800))
    said = would(asks(town))
    assert said.words.en == "second if its leaving home is consented to"
    consent(town, "of works")
    assert asks(town).rank("crew") == said.rank == 2


def test_the_consent_of_its_own_authority_is_enough(town: Town) -> None:
    guarded_works(town)
    looked_at(town, guard("crew", 1800))
    town.write(guard("landlord's crew", 1900, "landlord", in_service=False))
    said = would(asks(town))
    assert said.words.en == "second if its leaving home is consented to"
    consent(town, "of works")
    assert asks(town).rank("crew") == said.rank == 2


def test_with_a_second_crew_back_in_service_either_may_leave_the_site(town: Town) -> None:
    guarded_works(town)
    looked_at(town, guard("crew", 1700))
    town.write(guard("broken crew", 1800, in_service=False))
    told = asks(town)
    assert told.unlisted["broken crew"].reasons == ["out of service"]
    said = would(told, "broken crew")
    assert said.words.en == "third if it is back in service"
    town.change_unit("broken crew", in_service=True)
    after = asks(town)
    assert (after.rank("crew"), after.rank("broken crew")) == (2, said.rank)


def sorbent(quantity: float, **more: object) -> NewStock:
    said: dict[str, object] = {"item": "sorbent", "quantity": quantity, "unit_of_measure": "kg"}
    return NewStock.model_validate({**said, **more})


def stored(town: Town, *stock: NewStock) -> None:
    """Write a near and a far depot that can give, and one between that is looked at."""
    looked_at(town, Crew("crew", BETWEEN, ABLE))
    town.store("near depot", up_mill_road(900), sorbent(50))
    town.store("depot", BETWEEN, *stock)
    town.store("far depot", over_the_bridge(9000), sorbent(50))


def change_stock(town: Town, of_size: float, **values: object) -> None:
    """Change the batches of one size."""
    with transaction(town.centre.sessions) as session:
        session.execute(update(Stock).where(Stock.quantity == of_size).values(values))


def depot_rank(town: Town) -> int:
    return [depot.name for depot in asks(town).answer.depots].index("depot") + 1


def test_a_shelf_that_is_filled(town: Town) -> None:
    stored(town, sorbent(0))
    said = would(asks(town), "depot")
    assert said.changes == ["it offers sorbent 1"]
    change_stock(town, 0, quantity=1)
    assert depot_rank(town) == said.rank == 2


def test_an_expired_batch_that_is_replaced(town: Town) -> None:
    stored(town, sorbent(70, expires_on=LAPSED))
    said = would(asks(town), "depot")
    assert said.words.en == "second if its expired sorbent is replaced"
    change_stock(town, 70, expires_on=None)
    assert depot_rank(town) == said.rank == 2


def test_an_expired_batch_that_would_be_no_more_than_the_minimum_when_replaced(town: Town) -> None:
    stored(town, sorbent(70, expires_on=LAPSED, minimum=80))
    told = asks(town)
    assert told.unlisted["depot"].reasons == ["stock expired: 70 kg of sorbent on 2024-02-29"]
    said = would(told, "depot")
    assert said.changes == ["it offers sorbent 1"]
    change_stock(town, 70, expires_on=None)
    assert "depot" in asks(town).unlisted, "all of it is held as the minimum"


def test_a_minimum_that_is_released(town: Town) -> None:
    stored(town, sorbent(70, minimum=80))
    said = would(asks(town), "depot")
    assert said.words.en == "second if its minimum of sorbent is released"
    change_stock(town, 70, minimum=0)
    assert depot_rank(town) == said.rank == 2


def test_a_reserve_that_is_there_already(town: Town) -> None:
    stored(town, sorbent(70, available_after_s=3600))
    said = would(asks(town), "depot")
    assert said.words.en == "second if its sorbent is available now"
    change_stock(town, 70, available_after_s=0)
    assert depot_rank(town) == said.rank == 2


def test_the_bridge_reopens_for_a_depot(town: Town) -> None:
    looked_at(town, Crew("crew", BETWEEN, ABLE))
    town.store("near depot", up_mill_road(900), sorbent(50))
    town.store("depot", over_the_bridge(9000), sorbent(50))
    closed = town.close_bridge("flood on the bridge")
    told = asks(town)
    assert told.unlisted["depot"].reasons == ["unreachable: road closed: flood on the bridge"]
    said = would(told, "depot")
    assert said.words.en == "second if flood on the bridge reopens"
    town.reopen(closed)
    assert depot_rank(town) == said.rank == 2


@pytest.mark.parametrize("place", [QUAY, NORTH_STREET])
def test_everybody_who_is_not_listed_has_a_reason_in_both_languages(town: Town, place: object) -> None:
    stored(town, sorbent(70, minimum=80), sorbent(60, batch="old", expires_on=LAPSED))
    town.change_unit("crew", in_service=False)
    told = town.report(NEED, SUPPLY, place=place)
    for passed in told.unlisted.values():
        assert passed.reasons
        assert len(passed.reasons) == len(passed.reasons_zh)
        assert all(passed.reasons_zh)
