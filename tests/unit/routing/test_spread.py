"""Points spread over a field of a hundred, ten metres apart."""

import numpy as np
import pytest

from routing.spread import spread

X, Y = (axis.ravel().astype(np.float64) * 10 for axis in np.meshgrid(np.arange(10), np.arange(10)))


@pytest.mark.parametrize("most", [1, 4, 9, 25, 50])
def test_no_more_are_chosen_than_asked_for_and_no_quarter_is_left_out(most: int) -> None:
    chosen = spread(X, Y, most)
    assert 1 <= len(chosen) <= most
    assert len(set(chosen.tolist())) == len(chosen)
    if most >= 4:
        quarters = {(x > 45, y > 45) for x, y in zip(X[chosen].tolist(), Y[chosen].tolist(), strict=True)}
        assert len(quarters) == 4


def test_where_there_are_few_all_are_chosen() -> None:
    assert spread(X[:3], Y[:3], 5).tolist() == [0, 1, 2]


def test_points_of_one_place_give_one() -> None:
    assert spread(np.zeros(9), np.zeros(9), 3).tolist() == [0]
