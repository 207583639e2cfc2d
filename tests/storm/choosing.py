"""How clients choose."""

from collections.abc import Sequence
from typing import TypeVar

from data.samples.chance import Chance
from tests.storm.ground import UNITS

Item = TypeVar("Item")


def happens(chance: Chance, share: float) -> bool:
    """Whether something happens that does so in this share of all cases."""
    return chance.between(0, 1) < share


def one_of(weighted: Sequence[tuple[Item, int]], chance: Chance) -> Item:
    """Return one of the items, each as often as it weighs."""
    return chance.pick([item for item, weight in weighted for _ in range(weight)])


def some_units(chance: Chance, count: int) -> list[int]:
    """Return so many different units, in any order."""
    return [1 + i for i in chance.order(UNITS)[:count]]


def some_litres(chance: Chance) -> float:
    """Return a quantity of foam in tenths of a litre."""
    return chance.whole(1, 60) / 10
