"""How sure a plan is when its teams are busy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.siting import erlang_b, reliability

INF = np.inf
Numbers = NDArray[np.float64]


def plain(arrival: Numbers, load: Numbers) -> tuple[Numbers, Numbers]:
    """Return busy fractions and shares from the balance of every state, written out one by one."""
    demand, teams = arrival.shape
    flow, first = np.zeros((2**teams, 2**teams)), {}
    for state in range(2**teams):
        for row in range(demand):
            free = [
                (arrival[row, team], team)
                for team in range(teams)
                if not state >> team & 1 and arrival[row, team] < INF
            ]
            if free:
                first[state, row] = min(free)[1]
                flow[state, state | 1 << first[state, row]] += load[row]
        for team in range(teams):
            if state >> team & 1:
                flow[state, state ^ 1 << team] += 1
    balance = np.vstack([(flow - np.diag(flow.sum(axis=1))).T, np.ones(2**teams)])
    chance = np.linalg.lstsq(balance, np.eye(2**teams + 1)[-1])[0]
    share = np.zeros((demand, teams))
    for (state, row), team in first.items():
        share[row, team] += chance[state]
    busy = [sum(chance[state] for state in range(2**teams) if state >> team & 1) for team in range(teams)]
    return np.array(busy), share


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4), st.sampled_from([0.0, 0.3]))
def test_every_share_is_what_the_balance_of_all_states_gives(
    seed: int, demand: int, teams: int, closed: float
) -> None:
    random = np.random.default_rng(seed)
    arrival = random.integers(0, 9, (demand, teams)).astype(np.float64)
    arrival[random.random(arrival.shape) < closed] = INF
    calls = random.random(demand) * 8 + 0.01
    found = reliability(arrival, calls, 900, 5, range(teams))
    busy, share = plain(arrival, calls / 4)
    np.testing.assert_allclose(found.busy, busy, atol=1e-9)
    np.testing.assert_allclose(found.answered, share, atol=1e-9)
    in_time = (share * (arrival <= 5)).sum(axis=1) @ calls / calls.sum()
    assert found.expected_cover == pytest.approx(in_time)


def test_one_team_is_out_or_answers() -> None:
    found = reliability([[60.0]], [4], 900, 480, [0])
    assert found.busy.tolist() == [pytest.approx(0.5)]
    assert found.expected_cover == pytest.approx(0.5)
    assert found.loss == pytest.approx(0.5)
    assert found.mean_arrival_s == pytest.approx(60)


def test_the_team_that_all_ask_first_is_as_busy_as_if_it_were_alone() -> None:
    found = reliability([[60, 90]], [4], 900, 70, [0, 1])
    assert found.busy.tolist() == [pytest.approx(0.5), pytest.approx(0.8 - 0.5)]
    assert found.loss == pytest.approx(0.2)
    assert found.expected_cover == pytest.approx(0.5)


def test_two_teams_at_one_site_are_named_twice() -> None:
    found = reliability([[60.0]], [4], 900, 480, [0, 0])
    assert found.expected_cover == pytest.approx(0.8)


@pytest.mark.parametrize("most_exact", [12, 0])
@pytest.mark.parametrize("teams", [1, 3, 12])
def test_what_is_lost_in_all_is_erlangs_loss(most_exact: int, teams: int) -> None:
    random = np.random.default_rng(teams)
    calls = random.random(30)
    found = reliability(random.random((30, teams)), calls, 3600, 0.5, range(teams), most_exact)
    assert found.loss == pytest.approx(erlang_b(teams, calls.sum()), rel=1e-6)
    assert found.busy.sum() == pytest.approx(calls.sum() * (1 - found.loss), rel=1e-6)


@pytest.mark.parametrize("load", [0.1, 0.4, 0.8])
def test_the_approximation_is_near_the_exact_model(load: float) -> None:
    random = np.random.default_rng(8)
    houses, bases = random.uniform(0, 100, (200, 2)), random.uniform(0, 100, (10, 2))
    arrival = np.hypot(*(houses[:, None] - bases[None]).transpose(2, 0, 1))
    calls = random.random(200)
    calls *= 10 * load / calls.sum()
    right = reliability(arrival, calls, 3600, 30, range(10))
    near = reliability(arrival, calls, 3600, 30, range(10), most_exact=0)
    assert right.method != near.method
    assert near.expected_cover == pytest.approx(right.expected_cover, abs=0.01)
    assert near.busy == pytest.approx(right.busy, abs=0.02)


def test_calls_that_few_teams_can_reach_are_lost_more_often_by_either_method() -> None:
    arrival = np.array([[1, 2, 3, 4], [INF, INF, INF, 1]])
    for most_exact in (12, 0):
        found = reliability(arrival, [1, 1], 1800, 5, range(4), most_exact)
        lost = 1 - found.answered.sum(axis=1)
        assert lost[1] > 10 * lost[0]
        assert found.answered[1, :3].tolist() == [0, 0, 0]


def test_calls_that_nobody_reaches_are_all_lost() -> None:
    for most_exact in (12, 0):
        found = reliability([[INF, INF]], [3], 900, 480, [0, 1], most_exact)
        assert found.loss == 1
        assert found.mean_arrival_s == INF
        assert found.busy.tolist() == [0, 0]


def test_wrong_input_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="teams"):
        reliability([[60.0]], [1], 900, 480, [1])
    with pytest.raises(InvalidInputError, match="teams"):
        reliability([[60.0]], [1], 900, 480, [])
    with pytest.raises(InvalidInputError, match="calls_per_hour"):
        reliability([[60.0]], [0], 900, 480, [0])
    with pytest.raises(InvalidInputError, match="calls_per_hour"):
        reliability([[60.0]], [-1], 900, 480, [0])
    with pytest.raises(InvalidInputError, match="service_s"):
        reliability([[60.0]], [1], 0, 480, [0])
    with pytest.raises(InvalidInputError, match="standard_s"):
        reliability([[60.0]], [1], 900, INF, [0])


@pytest.mark.parametrize("most_exact", [12, 0])
def test_calls_that_nobody_can_reach_keep_nobody_busy(most_exact: int) -> None:
    seconds = np.array([[100, 200], [np.inf, np.inf]])
    plan = reliability(seconds, [0, 6], 600, 150, [0, 1], most_exact)
    assert plan.loss == 1
    assert plan.busy.tolist() == [0, 0]
    assert plan.answered.tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("most_exact", [12, 0])
def test_calls_out_of_reach_do_not_change_who_answers_the_others(most_exact: int) -> None:
    near = reliability(np.array([[100, 200], [200, 100]]), [2, 3], 900, 150, [0, 1], most_exact)
    with_island = np.array([[100, 200], [200, 100], [np.inf, np.inf]])
    plan = reliability(with_island, [2, 3, 9], 900, 150, [0, 1], most_exact)
    assert plan.busy == pytest.approx(near.busy)
    assert plan.answered[:2] == pytest.approx(near.answered)
