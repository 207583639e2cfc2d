from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from data.models import DepotTier, Tier
from data.samples.city import City, make_city
from data.samples.generated_town import generated_town
from data.samples.mutual_aid import BRIGADE, EAST_COUNTY, WEST_COUNTY
from data.vocabulary import shipped_rows
from geo.errors import InvalidInputError
from geo.grading import grade_gb_unit, worst_grade
from geo.places import Place, geodesic_m

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
STALE = timedelta(minutes=30)


@pytest.fixture(scope="module")
def nodes() -> np.ndarray:
    ends = [end for line in generated_town().geometry for end in (line.coords[0], line.coords[-1])]
    return np.unique(np.array(ends), axis=0)


@pytest.fixture(scope="module")
def city(nodes: np.ndarray) -> City:
    return make_city(*nodes.T, now=NOW)


def words(file_name: str) -> set[str]:
    return {row["code"] for row in shipped_rows(file_name)}


def to_nearest_node_m(place: Place, nodes: np.ndarray) -> float:
    lon, lat = nodes.T
    here = np.ones(len(nodes))
    return float(geodesic_m(lon, lat, here * place.lon, here * place.lat).min())


def test_the_city_has_forty_bases_and_what_belongs_to_them(city: City) -> None:
    assert [len(rows) for rows in (city.bases, city.units, city.depots, city.hazard_sources)] == [
        40,
        120,
        30,
        200,
    ]
    assert {team.base for team in city.teams} == {base.name for base in city.bases}
    assert {unit.team for unit in city.units} == {team.name for team in city.teams}


def test_everything_says_that_it_is_made_up(city: City) -> None:
    stock = [item for depot in city.depots for item in depot.stock]
    rows = [
        *city.authorities,
        *city.agreements,
        *city.bases,
        *city.teams,
        *city.units,
        *city.depots,
        *stock,
        *city.hazard_sources,
    ]
    assert all(row.synthetic for row in rows)
    phones = [base.phone for base in city.bases] + [team.phone for team in city.teams]
    phones += [authority.phone for authority in city.authorities]
    phones += [depot.phone for depot in city.depots] + [source.phone for source in city.hazard_sources]
    assert all(phone.startswith("027-0000-") for phone in phones)


def test_the_same_nodes_time_and_seed_give_an_equal_city(city: City, nodes: np.ndarray) -> None:
    assert make_city(*nodes.T, now=NOW) == city
    assert make_city(*nodes.T, now=NOW, seed=7) != city


def test_no_name_or_call_sign_is_used_twice(city: City) -> None:
    for names in (
        [base.name for base in city.bases],
        [team.name for team in city.teams],
        [team.call_sign for team in city.teams],
        [(unit.team, unit.name) for unit in city.units],
        [depot.name for depot in city.depots],
        [source.name for source in city.hazard_sources],
    ):
        assert len(set(names)) == len(names)


def test_only_words_of_the_vocabulary_are_used(city: City) -> None:
    used = {code for unit in city.units for code in unit.capabilities}
    assert used == words("capabilities.csv")
    assert {source.kind for source in city.hazard_sources} == words("hazard_kinds.csv")
    needed = {row["item"] for row in shipped_rows("plan_supplies.csv")}
    assert needed <= {item.item for depot in city.depots for item in depot.stock}


def test_teams_of_every_tier_turn_out_as_fast_as_their_tier_does(city: City) -> None:
    tier_of = {team.name: team.tier for team in city.teams}
    turnout_s: dict[Tier, list[float]] = {tier: [] for tier in Tier}
    for unit in city.units:
        turnout_s[tier_of[unit.team]].append(unit.turnout_s)
    assert all(turnout_s.values())
    for tier, least_s, most_s in (
        (Tier.FIRE_BRIGADE, 60, 90),
        (Tier.ENTERPRISE_FULL_TIME, 60, 120),
        (Tier.ENTERPRISE_PART_TIME, 180, 300),
        (Tier.VOLUNTEER, 300, 600),
    ):
        assert least_s <= min(turnout_s[tier])
        assert max(turnout_s[tier]) <= most_s


def test_few_units_handle_the_worst_chemicals_and_one_ladder_is_high_enough(city: City) -> None:
    levels = Counter(
        unit.capabilities["hazmat"].quantity for unit in city.units if "hazmat" in unit.capabilities
    )
    assert set(levels) == {1, 2, 3}
    assert 2 <= levels[3] <= 6
    reach_m = [
        unit.capabilities["ladder-reach"].quantity
        for unit in city.units
        if "ladder-reach" in unit.capabilities
    ]
    assert (min(reach_m), max(reach_m)) >= (18, 54)


def test_ten_units_are_out_of_service_and_thirty_others_away_from_their_base(city: City) -> None:
    assert sum(not unit.in_service for unit in city.units) == 10
    away = [unit for unit in city.units if unit.position]
    assert len(away) == 30
    assert all(unit.in_service for unit in away)


def test_positions_are_fresh_but_for_four_stale_ones_and_one_from_the_future(city: City) -> None:
    ages = [NOW - unit.position_at for unit in city.units if unit.position_at]
    assert sum(age > STALE for age in ages) == 4
    assert [age for age in ages if age < timedelta(0)] == [timedelta(hours=-1)]
    assert sum(timedelta(0) <= age <= timedelta(minutes=5) for age in ages) == 25


def test_everyone_stands_beside_a_road_but_for_one_unit_in_the_fields(city: City, nodes: np.ndarray) -> None:
    standing = [base.place for base in city.bases] + [depot.place for depot in city.depots]
    standing += [unit.position for unit in city.units if unit.position]
    to_road_m = sorted(to_nearest_node_m(place, nodes) for place in standing)
    assert to_road_m[0] > 1
    assert to_road_m[-2] <= 81
    assert to_road_m[-1] == pytest.approx(1500, abs=1)


def test_depots_of_every_tier_load_in_five_to_twenty_minutes_and_ten_do_not_deliver(city: City) -> None:
    assert {depot.tier for depot in city.depots} == set(DepotTier)
    assert all(300 <= depot.loading_s <= 1200 for depot in city.depots)
    assert sum(not depot.delivers for depot in city.depots) == 10


def test_sorbent_is_counted_in_kilograms_here_and_tonnes_there(city: City) -> None:
    sorbent = [item for depot in city.depots for item in depot.stock if item.item == "sorbent"]
    assert {item.unit_of_measure for item in sorbent} == {"kg", "t"}
    assert all(item.quantity <= 12 for item in sorbent if item.unit_of_measure == "t")
    assert all(item.minimum > 0 for item in sorbent if not item.available_after_s)


def test_some_stock_is_below_its_minimum(city: City) -> None:
    stock = [item for depot in city.depots for item in depot.stock]
    assert 0 < sum(item.quantity < item.minimum for item in stock) < len(stock) / 4


def test_a_few_certificates_have_expired(city: City) -> None:
    last_days = [
        share.valid_until
        for unit in city.units
        for share in unit.capabilities.values()
        if share.valid_until is not None
    ]
    assert sum(day < NOW.date() for day in last_days) == 6
    assert len(last_days) > 40


def test_a_hazmat_truck_has_not_the_crew_for_all_it_can_do(city: City) -> None:
    trucks = [unit for unit in city.units if unit.name.startswith("化学事故抢险车")]
    needed = [sum(share.crew or 0 for share in truck.capabilities.values()) for truck in trucks]
    assert set(needed) == {4 + 2 + 3}
    assert all(truck.crew < 9 for truck in trucks)


def test_fire_brigade_two_counties_and_enterprises_are_asked_and_all_others_ours(city: City) -> None:
    tiers: dict[str | None, set[Tier]] = {}
    for team in city.teams:
        tiers.setdefault(team.authority, set()).add(team.tier)
    assert tiers[BRIGADE] == {Tier.FIRE_BRIGADE}
    assert tiers[EAST_COUNTY] == {Tier.DISTRICT_COMPREHENSIVE, Tier.OTHER}
    assert tiers[WEST_COUNTY] == {Tier.DISTRICT_COMPREHENSIVE}
    assert tiers[None] == {Tier.DISTRICT_COMPREHENSIVE, Tier.PROFESSIONAL, Tier.VOLUNTEER, Tier.OTHER}
    assert {authority.name for authority in city.authorities} == set(tiers) - {None}


def test_each_enterprise_station_guards_a_source_of_its_own_among_the_worst(city: City) -> None:
    sources = {source.name: source for source in city.hazard_sources}
    guarded = {team.base: team.hazard_source for team in city.teams if team.hazard_source}
    assert len(set(guarded.values())) == len(guarded) == 9
    for team in city.teams:
        if team.hazard_source:
            source = sources[team.hazard_source]
            assert team.authority == source.enterprise
            assert worst_grade([grade_gb_unit(unit) for unit in source.gb_units]) in (1, 2)


def test_some_agreements_have_expired_and_one_consents_to_a_bare_site(city: City) -> None:
    ended = [row.number for row in city.agreements if row.valid_until and row.valid_until < NOW.date()]
    assert "西县互助 001" in ended
    assert 2 <= len(ended) < len(city.agreements) / 2
    assert sum(row.consents_to_bare_site for row in city.agreements) == 1
    assert len({row.mobilise_within_s for row in city.agreements}) > 3


def test_some_batches_have_expired_and_the_newest_of_an_item_never(city: City) -> None:
    for depot in city.depots:
        last_days = {row.item: row.expires_on for row in depot.stock if row.expires_on}
        assert all(day > NOW.date() for day in last_days.values())
    rows = [row for depot in city.depots for row in depot.stock]
    expired = [row for row in rows if row.expires_on and row.expires_on < NOW.date()]
    assert 10 < len(expired) < len(rows) / 4


def test_enterprises_alone_can_produce_more_within_hours(city: City) -> None:
    later = {
        (depot.tier, row.available_after_s)
        for depot in city.depots
        for row in depot.stock
        if row.available_after_s
    }
    assert later == {(DepotTier.ENTERPRISE, 4 * 3600), (DepotTier.ENTERPRISE, 24 * 3600)}


def test_hazards_are_points_plant_areas_and_pipelines(city: City) -> None:
    shapes = [source.place for source in city.hazard_sources]
    assert Counter(shape.geom_type for shape in shapes) == {"Point": 152, "Polygon": 36, "LineString": 12}
    assert all(shapely.is_valid(shapes))


def test_hazards_are_of_every_grade_and_most_of_none_or_the_least(city: City) -> None:
    grades = Counter(
        worst_grade([grade_gb_unit(unit) for unit in source.gb_units]) for source in city.hazard_sources
    )
    assert set(grades) == {1, 2, 3, 4, None}
    assert 2 <= grades[1] < grades[2] < grades[3] < grades[4]
    assert grades[None] > 40


def test_units_of_one_site_have_the_same_residents_and_hold_something(city: City) -> None:
    for source in city.hazard_sources:
        assert len({unit.residents_500m for unit in source.gb_units}) <= 1
        assert all(unit.substances and 0 <= unit.residents_500m <= 800 for unit in source.gb_units)
        assert len(source.gb_units) <= 3


def test_phosgene_is_held_at_one_site_alone(city: City) -> None:
    held = [
        source.name
        for source in city.hazard_sources
        for unit in source.gb_units
        if any(substance.name == "碳酰氯" for substance in unit.substances)
    ]
    assert len(held) == 1


def test_a_crossroads_of_five_nodes_has_room_for_the_whole_city() -> None:
    lon = 114.3 + np.array([0, 0.001, -0.001, 0, 0])
    lat = 30.6 + np.array([0, 0, 0, 0.001, -0.001])
    city = make_city(lon, lat, now=NOW)
    assert (len(city.bases), len(city.units), len(city.hazard_sources)) == (40, 120, 200)


def test_no_roads_no_city() -> None:
    with pytest.raises(InvalidInputError, match="import roads first"):
        make_city(np.array([]), np.array([]), now=NOW)
