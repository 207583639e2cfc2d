"""Clauses that roads and places decide, on the river town: ten metres a second on every street."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from shapely import LineString, Polygon
from sqlalchemy import select

from api.clauses.checking import ClausesAsked, check_clauses, judged
from api.clauses.ground import Layers, Records
from api.dispatching import Centre
from data.database import transaction
from data.models import Standard
from data.places_file import NamedPlaces
from data.planning_layers import Structure
from data.records import StationAreaFacts
from geo.places import Place
from tests.api.clause_town import (
    NOTHING,
    agreed,
    area,
    crew,
    found,
    ground,
    shipped_rules,
    source,
    square,
    verdicts,
    with_sources,
)
from tests.api.test_clauses_records import NEVER_TOLD, RECORD_CASES
from tests.decision_town import Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import ISLAND, QUAY
from tests.towns import spot


@dataclass(frozen=True)
class Case:
    """Records and layers that keep a clause, that break it, and that leave it open."""

    code: str
    green: Records
    red: Records
    open: Records
    green_layers: Layers | None = None
    red_layers: Layers | None = None


def station(drawn: StationAreaFacts | None = None, turnout_s: float = 60.0) -> Records:
    """Return one fire station at the quay with one engine."""
    areas = () if drawn is None else (drawn,)
    return replace(NOTHING, crews=(crew(turnout_s=turnout_s),), station_areas=areas)


def station_beside(place: Place) -> Records:
    """Return the station at the quay, and a tank farm."""
    return replace(with_sources(source(place)), crews=(crew(),))


def squad(place: Place, turnout_s: float = 60.0, profile: str = "fire-engine") -> Records:
    """Return a mine at the quay and a mine rescue squad."""
    made = crew("squad", place, turnout_s)
    car = replace(made, tier="professional", can=frozenset({"mine-rescue"}), profile=profile)
    return replace(with_sources(source(kind="mine", grade=None)), crews=(car,))


def exit_at(east_m: float) -> Layers:
    lon, lat = spot(east_m, 0)
    return Layers(exits=NamedPlaces(np.array(["school"]), np.array([lon]), np.array([lat])))


def railway(*points: tuple[float, float]) -> Layers:
    line = LineString([spot(*point) for point in points])
    return Layers(borders=(Structure("structure", "railway", (line,)),))


NO_AREA, EAST_OF_QUAY = station(), station_beside(Place(*spot(400, 0)))
ROAD_CASES = (
    Case("agreement-supplies-reach", agreed(140), agreed(140.5), replace(agreed(0), crews=())),
    Case("fire-station-reach", station(area(2400)), station(area(2401)), NO_AREA),
    Case(
        "fire-station-turnout", station(), station(turnout_s=60.5), replace(NOTHING, station_areas=(area(9),))
    ),
    Case("fire-station-drive", station(area(2400)), station(area(2401)), NO_AREA),
    Case("station-area-class-1", station(square(2640, "class-1")), station(square(2660, "class-1")), NO_AREA),
    Case("station-area-class-2", station(square(1990, "class-2")), station(square(2010, "class-2")), NO_AREA),
    Case("station-area-small", station(square(1400, "small")), station(square(1430, "small")), NO_AREA),
    Case(
        "station-area-suburban", station(square(3860, "suburban")), station(square(3890, "suburban")), NO_AREA
    ),
    Case(
        "station-from-hazmat",
        station_beside(Place(*spot(300.5, 0))),
        station_beside(Place(*spot(299, 0))),
        NO_AREA,
    ),
    Case(
        "station-upwind",
        EAST_OF_QUAY,
        EAST_OF_QUAY,
        EAST_OF_QUAY,
        Layers(wind_from_deg=180),
        Layers(wind_from_deg=90),
    ),
    Case("station-exits", station(), station(), station(), exit_at(50.5), exit_at(49)),
    Case(
        "area-crosses-barrier",
        station(area(2000)),
        station(area(2000)),
        station(area(2000)),
        railway((90, -500), (90, 3000)),
        railway((-500, -500), (-500, 3000)),
    ),
    Case("mine-rescue-drive", squad(up_mill_road(2000)), squad(ISLAND), NOTHING),
    Case("mine-rescue-turnout", squad(QUAY), squad(QUAY, 61), NOTHING),
    Case(
        "mine-rescue-turnout-on-foot", squad(QUAY, 120, "on-foot"), squad(QUAY, 121, "on-foot"), squad(QUAY)
    ),
)
FROM_THE_DATABASE = ("area-crosses-motorway", "cover-grade-1", "cover-grade-2", "regional-equipment")


@pytest.mark.parametrize("case", ROAD_CASES, ids=lambda case: case.code)
def test_a_clause_is_kept_broken_or_left_open(case: Case, centre: Centre) -> None:
    assert verdicts(centre, case.code, case.green, case.green_layers) == ["green"]
    assert verdicts(centre, case.code, case.red, case.red_layers) == ["red"]
    assert verdicts(centre, case.code, case.open) == ["cannot-tell"]


def test_every_clause_has_its_cases() -> None:
    tried = {case.code for case in (*RECORD_CASES, *ROAD_CASES)} | {*NEVER_TOLD, *FROM_THE_DATABASE}
    assert set(shipped_rules().by_code) - tried == set(shipped_rules().stricter)


def test_the_edge_of_an_area_is_its_farthest_road_and_the_order_starts_the_clock(centre: Centre) -> None:
    (reach,) = found(centre, "fire-station-reach", station(area(1500)))
    (drive,) = found(centre, "fire-station-drive", station(area(1500)))
    assert (reach.value, drive.value) == (210, 150)


def test_a_begun_second_counts_whole_and_the_last_one_is_kept(centre: Centre) -> None:
    late, just = (found(centre, "fire-station-reach", station(area(north)))[0] for north in (2401, 2400))
    assert (late.value, late.verdict) == (301, "red")
    assert (just.value, just.verdict) == (300, "green")


def test_an_area_with_no_road_in_it_cannot_be_told_of(centre: Centre) -> None:
    field = replace(area(9), area=Polygon([spot(2000, 0), spot(2100, 0), spot(2100, 100)]))
    (only,) = found(centre, "fire-station-reach", station(field))
    assert (only.verdict, "no road lies in its area" in only.said.en) == ("cannot-tell", True)


def test_an_area_whose_roads_nobody_reaches_is_red(centre: Centre) -> None:
    island = replace(area(9), area=Polygon([spot(-650, -3050), spot(-350, -3050), spot(-350, -2950)]))
    (only,) = found(centre, "fire-station-reach", station(island))
    assert (only.verdict, only.value) == ("red", None)


def test_an_agreement_tells_at_how_many_sites_of_others_it_counts(centre: Centre) -> None:
    (only,) = found(centre, "agreement-supplies-reach", agreed(100))
    assert only.value == 260
    assert only.said.en.startswith("Counts at 1 of 1 sites")


def test_an_agreement_that_has_run_out_counts_nowhere(centre: Centre) -> None:
    (only,) = found(centre, "agreement-supplies-reach", agreed(0, date(2026, 3, 14)))
    assert (only.verdict, only.value) == ("red", None)


def test_a_party_s_own_site_is_not_one_of_others(centre: Centre) -> None:
    own = replace(source(), enterprise="neighbour")
    records = replace(agreed(0), sources=(own,))
    assert verdicts(centre, "agreement-supplies-reach", records) == ["cannot-tell"]


def test_a_station_too_near_a_hazmat_site_is_told_how_much_it_lacks(centre: Centre) -> None:
    (only,) = found(centre, "station-from-hazmat", station_beside(Place(*spot(250, 0))))
    assert "tank farm, 50 m short" in only.said.en
    assert only.clause.strength == "should"


def test_keeping_a_should_is_priced_by_how_much_later_the_edge_of_the_area_is_reached(centre: Centre) -> None:
    beside = replace(station_beside(Place(*spot(250, 0))), station_areas=(area(1500),))
    (only,) = found(centre, "station-from-hazmat", beside)
    assert only.said.en.endswith(
        "Price: from the crossing 2000 m away that keeps it, the edge of its area is reached 3:20 min later."
    )
    assert only.said.zh.endswith("代价：迁至 2000 m 外符合的路口，到达辖区边缘晚 3:20 分。")


def test_a_price_without_an_area_is_not_known(centre: Centre) -> None:
    (only,) = found(centre, "station-from-hazmat", station_beside(Place(*spot(250, 0))))
    assert "unknown: no area is drawn" in only.said.en


@pytest.mark.parametrize(("road_class", "verdict"), [("motorway", "red"), ("primary", "green")])
def test_an_area_that_a_motorway_runs_through_is_red(road_class: str, verdict: str, centre: Centre) -> None:
    network = centre.roads.network
    classed = replace(
        network,
        class_names=np.array(["", road_class]),
        road_class=np.ones(network.segments, dtype=np.int16),
    )
    roads = replace(centre.roads, network=classed)
    rules = replace(shipped_rules(), wanted=frozenset(["area-crosses-motorway"]))
    on_it = replace(ground(centre, station(area(2000))), roads=roads)
    assert [str(one.verdict) for one in judged(on_it, rules, lambda _: None)] == [verdict]


def test_roads_without_classes_cannot_tell_of_motorways(centre: Centre) -> None:
    assert verdicts(centre, "area-crosses-motorway", station(area(2000))) == ["cannot-tell"]


def test_cover_is_judged_by_whoever_counts_for_the_standard(town: Town) -> None:
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)
    town.site("far works", over_the_bridge(5200), 1)
    town.site("island works", ISLAND, 2)
    assert _verdicts(town, "cover-grade-1") == {"tank farm": "green", "far works": "green"}
    assert _verdicts(town, "cover-grade-2") == {"island works": "red"}


def test_cover_without_anybody_who_counts_is_red_and_without_a_source_open(town: Town) -> None:
    town.site("tank farm", QUAY, 1)
    assert _verdicts(town, "cover-grade-1") == {"tank farm": "red"}
    assert _verdicts(town, "cover-grade-2") == {"registry 登记": "cannot-tell"}


def test_every_site_wants_all_five_kinds_of_equipment_to_come_by_road(town: Town) -> None:
    all_five = {"engineering": 1, "foam": 1000, "hazmat": 2, "detection": 1}
    town.write(Crew("west", up_mill_road(2000), all_five | {"command": 1}))
    town.site("tank farm", QUAY, 1)
    assert _verdicts(town, "regional-equipment") == {"tank farm": "green"}
    town.empty()
    town.write(Crew("west", up_mill_road(2000), all_five))
    town.site("tank farm", QUAY, 1)
    (only,) = check_clauses(town.centre, ClausesAsked(codes=("regional-equipment",)), _silent).findings
    assert (only.verdict, only.value, "but for command" in only.sentence.en) == ("red", 4, True)
    town.empty()
    assert _verdicts(town, "regional-equipment") == {"registry 登记": "cannot-tell"}


def test_a_crew_kept_for_one_site_covers_no_other(town: Town) -> None:
    town.site("tank farm", QUAY, 1)
    town.site("works", up_mill_road(1000), 1)
    town.write(Crew("own crew", up_mill_road(100), {"hazmat": 2}, guards="works"))
    assert _verdicts(town, "cover-grade-1") == {"tank farm": "red", "works": "green"}


def test_a_city_s_own_standard_is_a_clause_and_its_own_seconds_hold(town: Town) -> None:
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)
    with transaction(town.centre.sessions) as session:
        shipped = session.scalars(select(Standard).where(Standard.code == "cover-grade-1")).one()
        shipped.seconds = 259
        session.add(_own_standard())
    try:
        assert _verdicts(town, "cover-grade-1") == {"tank farm": "red"}
        assert _verdicts(town, "our-own") == {"tank farm": "green"}
    finally:
        with transaction(town.centre.sessions) as session:
            session.get_one(Standard, "cover-grade-1").seconds = 900
            session.delete(session.get_one(Standard, "our-own"))


def _own_standard() -> Standard:
    return Standard(
        code="our-own",
        name_en="Our own",
        name_zh="本市标准",
        clause="",
        strength="shall",
        clock_start="order",
        seconds=261,
        applies_to="hazard sources",
        source="the city",
    )


def _verdicts(town: Town, *codes: str) -> dict[str, str]:
    answer = check_clauses(town.centre, ClausesAsked(codes=codes), _silent)
    return {finding.subject: finding.verdict for finding in answer.findings}


def _silent(_: str) -> None:
    pass
