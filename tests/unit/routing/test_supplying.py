"""Supplies by hand, and small random cases judged by trying every way to bring every load."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.needs import AddsUp, Requirement
from routing.supply_ways import Carriers, SupplyOffers
from routing.supplying import Load, Missing, Supplies, choose_supplies, stock_over_time
from routing.together import ChoiceRules

RULES = ChoiceRules(time_limit_s=30.0)
NEVER = np.inf
FOUR_HOURS_S = 4 * 3600.0
Rows = Sequence[Sequence[float]]


def foam(litres: float) -> Requirement:
    return Requirement("foam-concentrate", litres)


def depots(*rows: tuple[int, float, float, float, Sequence[float]]) -> SupplyOffers:
    """Return offers of rows: depot, available after, loading, delivery, amounts."""
    depot, after_s, loading_s, deliver_s, offered = zip(*rows, strict=True)
    return SupplyOffers(
        np.array(depot, dtype=np.int64),
        np.array(after_s, dtype=np.float64),
        np.array(loading_s, dtype=np.float64),
        np.array(deliver_s, dtype=np.float64),
        np.array(offered, dtype=np.float64),
        np.zeros(len(rows), dtype=np.int64),
    )


def engines(
    to_depot_s: Rows, onward_s: Rows, direct_s: Sequence[float], may_slip_s: float = 300.0
) -> Carriers:
    return Carriers(
        np.arange(len(direct_s)),
        np.array(to_depot_s, dtype=np.float64),
        np.array(onward_s, dtype=np.float64),
        np.array(direct_s, dtype=np.float64),
        np.full(len(direct_s), may_slip_s),
    )


def chosen(offers: SupplyOffers, *needs: Requirement, carriers: Carriers | None = None) -> Supplies:
    supplies = choose_supplies(needs, offers, carriers or Carriers.nobody(len(offers)), RULES)
    assert supplies.proved
    return supplies


def test_the_nearest_depot_with_a_vehicle_delivers_after_loading() -> None:
    supplies = chosen(depots((1, 0, 60, 600, [500]), (2, 0, 60, 300, [500])), foam(400))
    assert supplies.loads == (Load(row=1, amounts=(400.0,), arrival_s=360.0, carrier=None, slip_s=0.0),)
    assert (supplies.met_at_s, supplies.missing, supplies.why_missing) == ((360.0,), (0.0,), (None,))


def test_what_one_depot_lacks_another_adds_and_the_need_is_met_when_the_second_is_there() -> None:
    supplies = chosen(depots((1, 0, 60, 600, [500]), (2, 0, 60, 300, [150])), foam(400))
    assert [(load.row, load.amounts, load.arrival_s) for load in supplies.loads] == [
        (1, (150.0,), 360.0),
        (0, (250.0,), 660.0),
    ]
    assert supplies.met_at_s == (660.0,)


def test_an_engine_that_passes_the_depot_brings_the_foam_sooner_than_the_depots_own_truck() -> None:
    supplies = chosen(
        depots((1, 0, 60, 600, [500])), foam(400), carriers=engines([[200]], [[250]], direct_s=[420])
    )
    assert supplies.loads == (Load(row=0, amounts=(400.0,), arrival_s=510.0, carrier=0, slip_s=90.0),)


def test_an_engine_is_not_held_up_longer_than_it_may_be() -> None:
    late = engines([[200]], [[250]], direct_s=[420], may_slip_s=89.0)
    supplies = chosen(depots((1, 0, 60, 600, [500])), foam(400), carriers=late)
    assert [(load.carrier, load.arrival_s) for load in supplies.loads] == [(None, 660.0)]


def test_a_depot_without_a_vehicle_is_reached_by_whoever_may_pick_up() -> None:
    silent = depots((1, 0, 60, NEVER, [500]))
    supplies = chosen(silent, foam(400), carriers=engines([[200]], [[250]], direct_s=[420]))
    assert [load.carrier for load in supplies.loads] == [0]
    nobody = chosen(silent, foam(400))
    assert (nobody.loads, nobody.met_at_s, nobody.missing) == ((), (NEVER,), (400.0,))
    assert nobody.why_missing == (Missing.NO_WAY,)


def test_of_equals_the_depots_own_vehicle_spares_the_engine_the_detour() -> None:
    supplies = chosen(depots((1, 0, 60, 450, [500])), foam(400), carriers=engines([[200]], [[250]], [420]))
    assert [load.carrier for load in supplies.loads] == [None]


def test_one_engine_serves_one_depot_and_the_other_load_comes_by_the_other_depots_truck() -> None:
    both = depots((1, 0, 0, 900, [100, 0]), (2, 0, 0, 500, [0, 100]))
    engine = engines([[100, 100]], [[100, 100]], direct_s=[200])
    supplies = chosen(both, foam(100), Requirement("sandbag", 100), carriers=engine)
    assert [(load.row, load.carrier, load.arrival_s) for load in supplies.loads] == [
        (0, 0, 200.0),
        (1, None, 500.0),
    ]


def test_the_engine_that_can_serve_either_depot_leaves_the_one_that_the_other_engine_can_serve() -> None:
    both = depots((1, 0, 0, 900, [100, 0]), (2, 0, 0, 900, [0, 100]))
    two = engines([[100, 110], [130, NEVER]], [[100, 100], [100, 100]], direct_s=[200, 200])
    supplies = chosen(both, foam(100), Requirement("sandbag", 100), carriers=two)
    assert [(load.row, load.carrier, load.arrival_s) for load in supplies.loads] == [
        (1, 0, 210.0),
        (0, 1, 230.0),
    ]


def test_where_the_time_runs_out_a_plan_goes_out_that_can_be_driven_and_says_it_is_not_proved() -> None:
    both = depots((1, 0, 0, 900, [100, 0]), (2, 0, 0, 900, [0, 100]))
    two = engines([[100, 110], [130, NEVER]], [[100, 100], [100, 100]], direct_s=[200, 200])
    needs = (foam(100), Requirement("sandbag", 100))
    supplies = choose_supplies(needs, both, two, ChoiceRules(time_limit_s=0.0))
    assert not supplies.proved
    assert supplies.missing == (0.0, 0.0)
    carriers = [load.carrier for load in supplies.loads if load.carrier is not None]
    assert len(carriers) == len(set(carriers))


def test_a_little_now_comes_now_though_the_rest_alone_would_have_been_enough_later() -> None:
    supplies = chosen(depots((1, 0, 60, 300, [5]), (2, 0, 60, 600, [500])), foam(400))
    assert [load.amounts for load in supplies.loads] == [(5.0,), (395.0,)]


def test_what_is_still_to_be_made_is_loaded_when_it_is_there() -> None:
    works = depots((1, 0, 60, 300, [100]), (1, FOUR_HOURS_S, 60, 300, [900]))
    supplies = chosen(works, foam(400))
    assert [(load.amounts, load.arrival_s) for load in supplies.loads] == [
        ((100.0,), 360.0),
        ((300.0,), FOUR_HOURS_S + 360.0),
    ]


def test_an_engine_waits_a_minute_for_the_rest_rather_than_leave_it_behind() -> None:
    works = depots((1, 0, 0, NEVER, [100]), (1, 260, 0, NEVER, [100]))
    waits = engines([[200, 200]], [[100, 100]], direct_s=[300], may_slip_s=60.0)
    supplies = chosen(works, foam(200), carriers=waits)
    assert [(load.amounts, load.arrival_s, load.slip_s) for load in supplies.loads] == [
        ((100.0,), 360.0, 60.0),
        ((100.0,), 360.0, 60.0),
    ]


def test_a_short_item_comes_as_far_as_it_goes_is_never_met_and_says_why() -> None:
    supplies = chosen(depots((1, 0, 60, 300, [100, 0])), foam(400), Requirement("sorbent", 5))
    assert [load.amounts for load in supplies.loads] == [(100.0, 0.0)]
    assert supplies.met_at_s == (NEVER, NEVER)
    assert supplies.missing == (300.0, 5.0)
    assert supplies.why_missing == (Missing.TOO_LITTLE, Missing.NOWHERE_HELD)
    assert all(why.zh for why in Missing)


def test_where_everything_is_tied_the_lowest_depot_gives() -> None:
    tied = depots((7, 0, 60, 300, [500]), (3, 0, 60, 300, [500]), (5, 0, 60, 300, [500]))
    assert [load.row for load in chosen(tied, foam(400)).loads] == [1]


def test_where_nothing_is_needed_or_no_depot_is_known_nothing_comes() -> None:
    assert chosen(depots((1, 0, 60, 300, [])), *()).loads == ()
    none = SupplyOffers(
        *(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0)),
        offered=np.zeros((0, 1)),
        tier=np.zeros(0, dtype=np.int64),
    )
    assert chosen(none, foam(400)).why_missing == (Missing.NOWHERE_HELD,)


def test_stock_grows_by_what_is_made_until_there_is_enough() -> None:
    works = depots((1, 0, 60, 300, [100]), (1, FOUR_HOURS_S, 60, 300, [250]), (2, 90_000, 60, 300, [50]))
    stock = stock_over_time([foam(350)], works)
    assert stock.at_s == (0.0, FOUR_HOURS_S, 24 * 3600.0)
    assert stock.held.tolist() == [[100.0], [350.0], [350.0]]
    assert stock.enough_from_s.tolist() == [FOUR_HOURS_S]
    assert stock_over_time([foam(500)], works).enough_from_s.tolist() == [NEVER]


Case = tuple[list[Requirement], SupplyOffers, Carriers]
Coming = dict[int, float]
"""Rows that come, and when."""


def random_case(seed: int) -> Case:
    chance = np.random.default_rng(seed)
    m, c, items = chance.integers(1, 4), chance.integers(0, 3), chance.integers(1, 3)
    needs = [
        Requirement(
            f"item {j}",
            float(chance.integers(1, 12)),
            AddsUp(chance.choice([AddsUp.ADDITIVE, AddsUp.ADDITIVE, AddsUp.SQUADS])),
            deadline_s=float(chance.choice([300.0, 600.0, NEVER])),
            weight=float(chance.choice([1.0, 3.0])),
        )
        for j in range(items)
    ]
    depot = chance.integers(1, 3, m)
    loading_s, to_depot_s, onward_s = (chance.uniform(10, 400, (k, 3)) for k in (1, c, c))
    offers = SupplyOffers(
        depot=depot,
        available_after_s=chance.choice([0.0, 0.0, 150.0, 300.0], m),
        loading_s=loading_s[0, depot],
        deliver_s=np.where(chance.random(m) < 0.4, NEVER, chance.uniform(100, 900, m)),
        offered=chance.integers(0, 8, (m, items)).astype(np.float64),
        tier=chance.integers(0, 3, m),
    )
    direct_s = np.where(chance.random(c) < 0.1, NEVER, chance.uniform(100, 600, c))
    carriers = Carriers(
        np.arange(c), to_depot_s[:, depot], onward_s[:, depot], direct_s, chance.uniform(0, 900, c)
    )
    return needs, offers, carriers


def every_plan(offers: SupplyOffers, carriers: Carriers) -> Iterator[Coming]:
    """Send each carrier to each depot at each moment or nowhere; let each row come any such way, or not."""
    rows = range(len(offers))
    moments = sorted({(int(offers.depot[j]), float(offers.available_after_s[j])) for j in rows})
    for sent in product([None, *moments], repeat=len(carriers.unit)):
        trips = [trip_by_hand(offers, carriers, k, to) for k, to in enumerate(sent) if to is not None]
        if None in trips:
            continue
        by = [ways_by_hand(offers, j, [trip for trip in trips if trip is not None]) for j in rows]
        for arrivals in product(*by):
            yield {j: s for j, s in enumerate(arrivals) if s is not None}


def trip_by_hand(
    offers: SupplyOffers, carriers: Carriers, k: int, to: tuple[int, float]
) -> tuple[int, float, float] | None:
    """Return the depot, the moment and the arrival; None where the carrier would be too late."""
    depot, moment_s = to
    row = int(np.flatnonzero(offers.depot == depot)[0])
    loads_s = max(carriers.to_depot_s[k, row], moment_s)
    arrival_s = loads_s + offers.loading_s[row] + carriers.onward_s[k, row]
    may = carriers.direct_s[k] < NEVER and arrival_s <= carriers.direct_s[k] + carriers.may_slip_s[k]
    return (depot, moment_s, arrival_s) if may else None


def ways_by_hand(offers: SupplyOffers, j: int, trips: list[tuple[int, float, float]]) -> list[float | None]:
    own_s = offers.available_after_s[j] + offers.loading_s[j] + offers.deliver_s[j]
    picked_up = [
        s for depot, after, s in trips if depot == offers.depot[j] and after >= offers.available_after_s[j]
    ]
    return [None, *([own_s] if own_s < NEVER else []), *picked_up]


def worth(needs: list[Requirement], offers: SupplyOffers, coming: Coming) -> tuple[float, ...]:
    """Return what a plan is judged by: less is better, the first number first."""
    shortfall, lateness, met, completion = 0.0, 0.0, 0.0, 0.0
    for i, need in enumerate(needs):
        bringing = sorted((s, j) for j, s in coming.items() if offers.offered[j, i] > 0)
        brought = sum(offers.offered[j, i] for _, j in bringing)
        shortfall += need.weight * (max(need.quantity - brought, 0) / need.quantity + (not bringing))
        met += need.weight * bringing[0][0] if bringing else 0.0
        so_far = 0.0
        for s, j in bringing:
            so_far += offers.offered[j, i]
            if so_far >= min(need.quantity, brought):
                lateness += need.weight * max(s - need.deadline_s, 0)
                met += need.weight * s
                completion = max(completion, s)
                break
    tiers = sum(int(offers.tier[j]) for j in coming)
    levels = (shortfall, lateness, met, completion, len(coming), tiers)
    return tuple(round(float(level), 4) for level in levels)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_way_to_bring_the_supplies_is_better(seed: int) -> None:
    needs, offers, carriers = random_case(seed)
    supplies = choose_supplies(needs, offers, carriers, RULES)
    assert supplies.proved
    found = {load.row: load.arrival_s for load in supplies.loads}
    judged = min(worth(needs, offers, coming) for coming in every_plan(offers, carriers))
    assert worth(needs, offers, found) == pytest.approx(judged, abs=1e-3)
    for i, need in enumerate(needs):
        brought = sum(load.amounts[i] for load in supplies.loads)
        assert supplies.missing[i] == pytest.approx(max(need.quantity - brought, 0))
        assert (supplies.met_at_s[i] < NEVER) == (supplies.missing[i] == 0)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_carrier_makes_two_trips_or_is_later_than_it_may_be(seed: int) -> None:
    needs, offers, carriers = random_case(seed)
    loads = choose_supplies(needs, offers, carriers, RULES).loads
    for k in range(len(carriers.unit)):
        trips = {(int(offers.depot[load.row]), load.arrival_s) for load in loads if load.carrier == k}
        assert len(trips) <= 1
        assert all(arrival_s <= carriers.direct_s[k] + carriers.may_slip_s[k] for _, arrival_s in trips)
