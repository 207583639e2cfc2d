"""Arrivals from candidates beside what stands, and the latest of them."""

from dataclasses import dataclass

import numpy as np

from routing.siting.question import Numbers, Positions, soonest
from routing.siting.set_cover import SetCover


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    Arrivals from candidates beside what stands.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
        Arrival from each candidate; each row is reached by some, or by what stands.
    standing_s : float64, shape (rows,)
        Soonest arrival from what stands.
    """

    seconds: Numbers
    standing_s: Numbers

    def arrival(self, chosen: list[int]) -> Numbers:
        """Return the first arrival at each row."""
        return np.minimum(self.standing_s, soonest(self.seconds, chosen))

    def worst(self, chosen: list[int]) -> float:
        """Return the latest first arrival."""
        return float(self.arrival(chosen).max(initial=0.0))

    def within(self, rows: Positions, limit_s: float) -> SetCover:
        """Return the rows that what stands does not reach in time, to be reached by candidates."""
        late = rows[self.standing_s[rows] > limit_s]
        return SetCover(self.seconds[late] <= limit_s, np.ones(self.seconds.shape[1]), whole=True)

    def farthest_first(self, new: int) -> tuple[list[int], list[int]]:
        """Return candidates taken one by one, each the nearest to the row that is latest, and those rows."""
        arrival, chosen, rows = self.standing_s, [], []
        for _ in range(new):
            row = int(np.argmax(arrival))
            site = int(np.argmin(self.seconds[row]))
            if self.seconds[row, site] >= arrival[row]:
                break
            chosen.append(site)
            rows.append(row)
            arrival = np.minimum(arrival, self.seconds[:, site])
        return chosen, [*rows, int(np.argmax(arrival))]

    def filled(self, chosen: list[int], new: int) -> list[int]:
        """Return a choice with the lowest candidates added until it has so many."""
        free = [site for site in range(self.seconds.shape[1]) if site not in set(chosen)]
        return sorted(chosen + free[: new - len(chosen)])

    def lowest(self, chosen: list[int]) -> list[int]:
        """Return a choice with no later worst arrival, at the lowest positions that single swaps lead to."""
        limit_s = self.worst(chosen)
        late = np.flatnonzero(self.standing_s > limit_s)
        reach = self.seconds[late] <= limit_s
        at = len(chosen) - 1
        while at >= 0:
            others = chosen[:at] + chosen[at + 1 :]
            alone = ~reach[:, others].any(axis=1)
            fits = np.flatnonzero(np.all(reach[alone], axis=0))
            first = int(np.setdiff1d(fits, others)[0])
            if first < chosen[at]:
                chosen, at = sorted([*others, first]), len(chosen)
            at -= 1
        return chosen
