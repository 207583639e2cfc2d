"""Beside spopt with CBC: wherever the peer proves its answer, ours is worth the same and proved too."""

import numpy as np
import pytest

from routing.siting import max_cover, min_worst, p_median, sites_needed
from tests.unit.siting import spopt_judge
from tests.unit.siting.plain_siting import covered, weighed_s, worst_s
from tests.unit.siting.spopt_judge import Case, Judgement

pytestmark = spopt_judge.needs_it

STANDARD_S, FAR_S = 300.0, 900.0
TOWNS = pytest.mark.parametrize(
    ("seed", "demand", "sites", "standing", "new"),
    [(1, 40, 12, 0, 3), (2, 60, 15, 2, 3), (3, 150, 25, 3, 2), (4, 25, 25, 1, 5)],
)


def town(seed: int, demand: int, sites: int, standing: int, new: int) -> Case:
    """Return a town on a plane: whole seconds, weights some of which are zero, the first sites standing."""
    random = np.random.default_rng(seed)
    homes, bases = random.uniform(0, 1000, (demand, 2)), random.uniform(0, 1000, (sites, 2))
    seconds = np.rint(np.hypot(*(homes[:, None] - bases[None]).transpose(2, 0, 1)))
    return Case(seconds, random.integers(0, 30, demand).astype(np.float64), list(range(standing)), new)


def times(case: Case, judged: Judgement) -> np.typing.NDArray[np.float64]:
    """Return arrivals from what the peer builds, all of which it must have proved."""
    assert judged.proved
    assert set(case.existing) <= set(judged.chosen)
    return case.seconds[:, list(judged.chosen)]


@TOWNS
def test_the_same_weight_is_covered(seed: int, demand: int, sites: int, standing: int, new: int) -> None:
    case = town(seed, demand, sites, standing, new)
    theirs = times(case, spopt_judge.cover(case, STANDARD_S))
    ours = max_cover(case.seconds, case.weight, STANDARD_S, case.existing, new)
    assert ours.proved
    assert ours.objective == covered(case.weight, STANDARD_S)(theirs)


@TOWNS
def test_as_few_sites_reach_everybody(seed: int, demand: int, sites: int, standing: int, new: int) -> None:
    case = town(seed, demand, sites, standing, new)
    standard_s = case.seconds.min(axis=1).max() + 50
    theirs = times(case, spopt_judge.fewest(case, standard_s))
    ours = sites_needed(case.seconds, standard_s, case.existing)
    assert ours.proved
    assert ours.objective == theirs.shape[1] - standing


@TOWNS
def test_the_latest_arrival_is_as_soon(seed: int, demand: int, sites: int, standing: int, new: int) -> None:
    case = town(seed, demand, sites, standing, new)
    theirs = times(case, spopt_judge.centre(case))
    ours = min_worst(case.seconds, case.existing, new)
    assert ours.proved
    assert ours.objective == worst_s(theirs)


@TOWNS
def test_as_little_is_travelled(seed: int, demand: int, sites: int, standing: int, new: int) -> None:
    case = town(seed, demand, sites, standing, new)
    theirs = times(case, spopt_judge.median(case))
    ours = p_median(case.seconds, case.weight, case.existing, new)
    assert ours.proved
    assert ours.objective == weighed_s(case.weight)(theirs)


def test_islands_are_far_for_the_peer_and_out_of_reach_for_us() -> None:
    case = town(5, 30, 10, 1, 3)
    cut_off = np.where(case.seconds > FAR_S * 2 / 3, np.inf, case.seconds)
    far = Case(np.where(np.isfinite(cut_off), cut_off, FAR_S), case.weight, case.existing, case.new)
    ours = p_median(cut_off, case.weight, case.existing, case.new)
    assert ours.proved
    assert ours.objective == weighed_s(case.weight)(times(far, spopt_judge.median(far)))
