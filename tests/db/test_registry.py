from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from shapely import Point, Polygon
from sqlalchemy import func, select

from data.database import Sessions, transaction
from data.models import Depot, HazardSource, RescueBase, Stock, Unit
from data.registry import (
    NewBase,
    NewHazardSource,
    NewStock,
    NewUnit,
    add_bases,
    add_hazard_sources,
    add_units,
)
from data.samples.city import make_city, seed_city
from geo.errors import InvalidInputError
from geo.grading import GbUnit, Substance
from geo.places import Place
from tests.river_town import QUAY, Posting, post
from tests.towns import main_road

CHLORINE = Substance("氯", "7782-50-5", "J3", 50.0)
AMMONIA = Substance("氨", "7664-41-7", "J3", 40.0)


def test_the_source_carries_the_worst_grade_of_its_units(sessions: Sessions) -> None:
    row = NewHazardSource(
        name="works",
        kind="chemical-plant",
        enterprise="Works Ltd",
        place=Point(114.3, 30.6),
        gb_units=(
            GbUnit("tank farm", 120, (CHLORINE, AMMONIA)),
            GbUnit("store", 0, (Substance("氯", "7782-50-5", "J3", 1.0),)),
        ),
    )
    with transaction(sessions) as session:
        add_hazard_sources(session, [row])
    with transaction(sessions) as session:
        source = session.scalars(select(HazardSource).where(HazardSource.name == "works")).one()
        farm, store = source.gb_units
        assert (source.grade, farm.grade, store.grade) == (2, 2, None)
        assert (farm.s, farm.r, farm.alpha) == (14.0, 96.0, 2.0)
        assert [s.beta_source for s in farm.substances] == ["table 3: 氯", "table 3: 氨"]


def test_a_row_that_is_refused_leaves_nothing_of_its_batch(sessions: Sessions) -> None:
    rows = [NewBase(name="twin", place=QUAY), NewBase(name="twin", place=QUAY)]
    refused = pytest.raises(InvalidInputError, match=r"name: 'twin' \(row 2\) is already")
    with refused, transaction(sessions) as session:
        add_bases(session, rows)
    with transaction(sessions) as session:
        assert session.scalar(select(func.count()).where(RescueBase.name == "twin")) == 0


def test_a_unit_with_an_unknown_capability_is_refused_by_name(sessions: Sessions) -> None:
    post(sessions, Posting("engine", "west", {"rescue": 4}))
    row = NewUnit(
        team="west team",
        name="circus",
        vehicle_profile="passenger",
        crew=2,
        turnout_s=60,
        capabilities={"juggling": 3},
    )
    refused = pytest.raises(InvalidInputError, match="unit 'circus': 'juggling'")
    with refused, transaction(sessions) as session:
        add_units(session, [row])


def test_a_hazard_source_that_crosses_itself_is_refused() -> None:
    with pytest.raises(ValidationError, match="a valid point, line or polygon"):
        NewHazardSource(
            name="bow tie", kind="mine", enterprise="x", place=Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quantity": -1}, "greater than or equal to 0"),
        ({"quantity": float("nan")}, "finite"),
        ({"unit_of_measure": "blorp"}, "is not known; use kg"),
        ({"unit_of_measure": "minute"}, "is not known; use kg"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_stock_that_cannot_be_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        NewStock.model_validate({"item": "sorbent", "unit_of_measure": "kg", "quantity": 5} | changes)


def test_a_position_without_its_time_is_refused() -> None:
    with pytest.raises(ValidationError, match="belong together"):
        NewUnit(
            team="t",
            name="n",
            vehicle_profile="passenger",
            crew=1,
            turnout_s=0,
            capabilities={},
            position=Place(0, 0),
        )


def test_the_demo_city_is_seeded_whole_and_says_it_is_made_up(sessions: Sessions) -> None:
    road = main_road(*[60.0] * 60)
    city = make_city(road.node_lon, road.node_lat, now=datetime.now(UTC))
    with transaction(sessions) as session:
        before = session.scalar(select(func.count(Unit.id))) or 0
        seed_city(session, city)
        assert session.scalar(select(func.count(Unit.id))) == before + 120
        for table, expected in ((RescueBase, 40), (Depot, 30), (HazardSource, 200)):
            assert session.scalar(select(func.count(table.id)).where(table.synthetic)) == expected
        assert session.scalar(select(func.count(Stock.id)).where(~Stock.synthetic)) == 0


def test_a_rule_of_the_database_is_said_in_its_own_words(sessions: Sessions) -> None:
    post(sessions, Posting("pump", "north", {"rescue": 4}))
    row = NewUnit(
        team="north team", name="pump", vehicle_profile="passenger", crew=2, turnout_s=60, capabilities={}
    )
    refused = pytest.raises(InvalidInputError, match=r"unit: Key \(team_id, name\)=.* already exists")
    with refused, transaction(sessions) as session:
        add_units(session, [row])
