"""What units and depots bring, read as columns."""

from datetime import date

import numpy as np
import pytest

from data.candidates import all_depots, all_units, stock_columns
from data.columns import EPOCH
from data.database import Sessions, transaction
from data.models import DepotTier, Tier
from data.registry import (
    NewAuthority,
    NewBase,
    NewDepot,
    NewHazardSource,
    NewStock,
    NewTeam,
    NewUnit,
    Share,
    add_authorities,
    add_bases,
    add_depots,
    add_hazard_sources,
    add_teams,
    add_units,
)
from data.registry.rows import point
from tests.river_town import QUAY

LAST_DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def town(sessions: Sessions) -> Sessions:
    """Write a works with a truck of its own, an ambulance of ours, and a depot with four rows of stock."""
    with transaction(sessions) as session:
        add_authorities(session, [NewAuthority(name="Works Ltd", approver="gate", approval_s=120)])
        works = NewHazardSource(name="works", kind="chemical-plant", enterprise="x", place=point(QUAY))
        add_hazard_sources(session, [works])
        add_bases(session, [NewBase(name="gate", place=QUAY)])
        add_teams(
            session,
            [
                NewTeam(
                    base="gate",
                    name="guards",
                    kind="hazmat",
                    tier=Tier.ENTERPRISE_PART_TIME,
                    call_sign="guard",
                    phone="1",
                    authority="Works Ltd",
                    hazard_source="works",
                ),
                NewTeam(
                    base="gate", name="medics", kind="medical", tier=Tier.PROFESSIONAL, call_sign="medic"
                ),
            ],
        )
        add_units(session, [truck(), ambulance()])
        add_depots(session, [store()])
    return sessions


def truck() -> NewUnit:
    return NewUnit(
        team="guards",
        name="truck",
        vehicle_profile="heavy-hazmat-truck",
        crew=6,
        turnout_s=60,
        capabilities={
            "hazmat": Share(quantity=2, crew=4, valid_until=LAST_DAY),
            "detection": 1,
            "foam": Share(quantity=2000),
            "rescue": 5,
        },
    )


def ambulance() -> NewUnit:
    return NewUnit(
        team="medics",
        name="ambulance",
        vehicle_profile="ambulance",
        crew=3,
        turnout_s=60,
        capabilities={"medical": Share(quantity=2, level=1), "rescue": 9},
    )


def store() -> NewDepot:
    rows = (
        NewStock(
            item="sorbent", unit_of_measure="t", quantity=0.4, minimum=0.1, batch="old", expires_on=LAST_DAY
        ),
        NewStock(item="sorbent", unit_of_measure="kg", quantity=250, batch="new"),
        NewStock(item="sorbent", unit_of_measure="kg", quantity=900, available_after_s=4 * 3600),
        NewStock(item="scba", unit_of_measure="box", quantity=7),
    )
    return NewDepot(
        name="store", tier=DepotTier.ENTERPRISE, place=QUAY, loading_s=300, delivers=True, stock=rows
    )


def test_a_unit_says_whose_it_is_and_which_site_it_guards(town: Sessions) -> None:
    with transaction(town) as session:
        units = all_units(session, [])
    assert units.name.tolist() == ["truck", "ambulance"]
    assert units.tier.tolist() == ["enterprise-part-time", "professional"]
    assert units.staffing.tolist() == ["part-time", "full-time"]
    assert units.call_sign.tolist() == ["guard", "medic"]
    assert units.crew.tolist() == [6, 3]
    assert (units.authority_id > 0).tolist() == (units.hazard_source_id > 0).tolist() == [True, False]
    assert units.offered.shape == (2, 0)


def test_a_role_ties_up_the_people_said_else_those_counted_else_everybody_but_nobody_for_equipment(
    town: Sessions,
) -> None:
    with transaction(town) as session:
        units = all_units(session, ["hazmat", "detection", "foam", "rescue", "medical"])
    assert units.offered.tolist() == [[2, 1, 2000, 5, 0], [0, 0, 0, 9, 2]]
    assert units.role_crew.tolist() == [[4, 6, 0, 5, 0], [0, 0, 0, 3, 2]]


def test_the_level_is_the_quantity_where_the_best_counts(town: Sessions) -> None:
    with transaction(town) as session:
        units = all_units(session, ["hazmat", "rescue", "medical"])
    assert units.level.tolist() == [[2, 0, 0], [0, 0, 1]]


def test_a_certificate_ends_on_its_last_day_and_others_never(town: Sessions) -> None:
    with transaction(town) as session:
        units = all_units(session, ["hazmat", "rescue"])
    assert units.valid_until_day[0, 0] == (LAST_DAY - EPOCH).days
    assert np.isnan(units.valid_until_day).sum() == 3


def test_a_capability_asked_for_at_two_levels_is_two_equal_columns(town: Sessions) -> None:
    with transaction(town) as session:
        units = all_units(session, ["hazmat", "rescue", "hazmat"])
    assert units.offered.tolist() == [[2, 5, 2], [0, 9, 0]]
    assert units.level[:, 0].tolist() == units.level[:, 2].tolist()


def test_stock_is_a_row_a_batch_in_the_unit_asked_for(town: Sessions) -> None:
    with transaction(town) as session:
        supplies = [("scba", "set"), ("sorbent", "kg")]
        depots = all_depots(session)
        stock = stock_columns(session, depots, supplies)
    assert stock.depot.tolist() == [0, 0, 0, 0]
    assert stock.item.tolist() == [1, 1, 1, 0]
    assert stock.quantity[:3] == pytest.approx([400, 250, 900])
    assert stock.minimum[:3] == pytest.approx([100, 0, 0])
    assert np.isnan(stock.quantity[3])
    assert stock.unit_of_measure[3] == "box"
    assert stock.batch.tolist() == ["old", "new", "", ""]
    assert stock.expires_day[0] == (LAST_DAY - EPOCH).days
    assert np.isnan(stock.expires_day[1:]).all()
    assert stock.available_after_s.tolist() == [0, 0, 14400, 0]


def test_nothing_asked_for_is_no_stock(town: Sessions) -> None:
    with transaction(town) as session:
        stock = stock_columns(session, all_depots(session), [])
    assert len(stock.id) == 0
