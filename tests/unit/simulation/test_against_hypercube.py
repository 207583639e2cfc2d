"""
The simulation held against the exact queueing model: lost calls, busy fractions, who answers what.

One unit a call, kept for an exponential time wherever it was; ten runs, so that each figure of the model must
lie in the interval of the simulation. The intervals are of 99.9 %, since many are looked at.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from routing.simulation import Calls, SoonestFree, Waiting, poisson_times, simulate
from routing.siting import reliability

SERVICE_S, RUNS, DAYS, WARM_S = 3600.0, 10, 120.0, 86_400.0
SECONDS = np.array(
    [[100.0, 300.0, 500.0], [300.0, 100.0, 200.0], [600.0, 250.0, 120.0], [np.inf, 400.0, 90.0]]
)
PER_HOUR = np.array([0.8, 0.5, 0.3, 0.4])
LEVEL = 0.999


@dataclass(frozen=True)
class Run:
    loss: float
    busy: NDArray[np.float64]
    answered: NDArray[np.float64]


def one_run(number: int) -> Run:
    random = np.random.default_rng(np.random.SeedSequence(1, spawn_key=(number,)))
    at_s = poisson_times(PER_HOUR.sum() * 24, DAYS, random)
    place = random.choice(len(PER_HOUR), len(at_s), p=PER_HOUR / PER_HOUR.sum())
    none = np.zeros(len(at_s), dtype=np.int64)
    calls = Calls(at_s, place, none, none + 1, random.exponential(SERVICE_S, len(at_s)))
    record = simulate(calls, 3, SoonestFree(calls, SECONDS), Waiting.LOST)
    counted = np.flatnonzero(at_s >= WARM_S)
    answers = np.zeros((len(PER_HOUR), 3))
    trips = record.trips
    steady = trips.ordered_s >= WARM_S
    np.add.at(answers, (place[trips.call[steady]], trips.unit[steady]), 1)
    return Run(
        loss=float(np.isinf(record.met_s[counted]).mean()),
        busy=trips.busy(3, (WARM_S, DAYS * 86_400)).fraction,
        answered=answers / np.bincount(place[counted], minlength=len(PER_HOUR))[:, None],
    )


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [one_run(number) for number in range(RUNS)]


def agree(simulated: list[NDArray[np.float64]], exact: NDArray[np.float64]) -> None:
    """Every exact figure lies in the interval of the simulated ones."""
    each = np.array(simulated)
    half = student.ppf((1 + LEVEL) / 2, RUNS - 1) * each.std(axis=0, ddof=1) / np.sqrt(RUNS)
    assert (np.abs(each.mean(axis=0) - exact) <= half + 1e-12).all()
    assert half.max() < 0.03


def test_loss_busy_fractions_and_who_answers_what_are_those_of_the_exact_model(runs: list[Run]) -> None:
    exact = reliability(SECONDS, PER_HOUR, SERVICE_S, 250, [0, 1, 2])
    assert exact.method == "hypercube, exact"
    agree([np.array([run.loss]) for run in runs], np.array([exact.loss]))
    agree([run.busy for run in runs], exact.busy)
    agree([run.answered for run in runs], exact.answered)


def test_a_team_no_road_leads_from_never_answers(runs: list[Run]) -> None:
    assert all(run.answered[3, 0] == 0 for run in runs)
