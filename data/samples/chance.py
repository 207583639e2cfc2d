"""Draws that come out the same for the same seed and subject."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


class Chance:
    """A stream of draws for one subject, so that a change to one subject leaves the others as they were."""

    def __init__(self, seed: int, subject: str) -> None:
        self._rng = np.random.default_rng([seed, *subject.encode()])

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[self.whole(0, len(items) - 1)]

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return int(self._rng.integers(low, high, endpoint=True))

    def between(self, low: float, high: float) -> float:
        """Return a number from low to high."""
        return float(self._rng.uniform(low, high))

    def order(self, count: int) -> list[int]:
        """Return the numbers from 0 up to count in any order."""
        return [int(i) for i in self._rng.permutation(count)]

    def some_of(self, items: Sequence[Item], count: int) -> list[Item]:
        """Return so many different ones of the items, in their order."""
        return [items[i] for i in sorted(self.order(len(items))[:count])]
