"""Coverage: which demands posts reach in time, who is first and second there, and what a circle promises."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.network import MS_PER_S

NOBODY = -1
"""Stands for a post where none comes."""
UNGRADED = 0


@dataclass(frozen=True)
class Demands:
    """
    What has to be reached, each at one or several spots: the gates of a plant, the pieces of a pipeline.

    Attributes
    ----------
    grade : int64, shape (demands,)
        From 1, the gravest; ``UNGRADED`` where there is none.
    by_share : bool, shape (demands,)
        Whether it counts by the share that is reached, as a line does; a plant counts by its worst gate.
    spot_demand : int64, shape (spots,)
        Whose each spot is, ascending; every demand has one at least.
    spot_share : float64, shape (spots,)
        Which share of its demand each stands for; those of a demand add up to one.
    """

    grade: NDArray[np.int64]
    by_share: NDArray[np.bool_]
    spot_demand: NDArray[np.int64]
    spot_share: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse spots that are out of order, and demands without one."""
        owners = np.arange(len(self.grade))
        if not np.array_equal(np.unique(self.spot_demand), owners) or (np.diff(self.spot_demand) < 0).any():
            raise InvalidInputError("spot_demand", "it must ascend and name every demand once at least")

    def __len__(self) -> int:
        return len(self.grade)

    @property
    def spot_first(self) -> NDArray[np.int64]:
        """Where the spots of each demand begin."""
        return np.searchsorted(self.spot_demand, np.arange(len(self)))

    def some_spots(self, kept: NDArray[np.bool_]) -> "Demands":
        """Return the demands with some of their spots; the shares of those left are not changed."""
        return Demands(self.grade, self.by_share, self.spot_demand[kept], self.spot_share[kept])


@dataclass(frozen=True)
class Due:
    """
    Who comes when.

    Attributes
    ----------
    spot_s : float64, shape (spots,)
        When the first post is at each spot; ``inf`` where none ever is.
    spot_post : int64, shape (spots,)
        That post, ``NOBODY`` where none comes.
    worst_spot : int64, shape (demands,)
        The spot of each demand that is reached last.
    first_s, second_s : float64, shape (demands,)
        When somebody, and when somebody from a second post, is there wherever on the demand they are wanted.
    first, second : int64, shape (demands,)
        The posts they come from to the spot where they are last; ``NOBODY`` where none comes.
    """

    spot_s: NDArray[np.float64]
    spot_post: NDArray[np.int64]
    worst_spot: NDArray[np.int64]
    first_s: NDArray[np.float64]
    second_s: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """How many demands of a grade there are, how many a first and a second post reach in time."""

    grade: int
    demands: int
    reached: int
    reached_twice: int
    worst_s: float


@dataclass(frozen=True)
class Promise:
    """
    What a circle promises against what the road gives, shape (demands,) each.

    Attributes
    ----------
    inside : bool
        Whether the whole demand lies in the circle around some post.
    lie : bool
        Promised by a circle and not reached by road in time.
    unpromised : bool
        Reached by road in time though no circle holds it.
    """

    inside: NDArray[np.bool_]
    lie: NDArray[np.bool_]
    unpromised: NDArray[np.bool_]


def whole_ms(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return times to the millisecond, so that sums of them keep the edge of a standard."""
    return np.round(seconds * MS_PER_S) / MS_PER_S


def due_at(seconds: NDArray[np.float64], demands: Demands) -> Due:
    """
    Return who comes first and second to every demand.

    Parameters
    ----------
    seconds : float64, shape (posts, spots)
        When each post is at each spot; ``inf`` where no road leads.
    """
    first, second = _two_soonest(seconds)
    spots = np.arange(seconds.shape[1])
    first_s, second_s = _time_of(seconds, first, spots), _time_of(seconds, second, spots)
    worst, worst_second = _latest(first_s, demands), _latest(second_s, demands)
    return Due(
        spot_s=first_s,
        spot_post=first,
        worst_spot=worst,
        first_s=first_s[worst],
        second_s=second_s[worst_second],
        first=first[worst],
        second=second[worst_second],
    )


def share_of(good: NDArray[np.bool_], demands: Demands) -> NDArray[np.float64]:
    """Return how much of each demand lies at good spots: of a line its share, of a plant all or nothing."""
    bad = np.bincount(demands.spot_demand, ~good, len(demands))
    share = np.bincount(demands.spot_demand, demands.spot_share * good, len(demands))
    return np.where(bad == 0, 1.0, np.where(demands.by_share, share, 0.0))


def tally(due: Due, demands: Demands, within_s: float) -> tuple[Tally, ...]:
    """Count the demands of every grade there is, the gravest first and those without a grade last."""
    grades = sorted(set(demands.grade.tolist()), key=lambda grade: (grade == UNGRADED, grade))
    return tuple(_tally(grade, due, demands.grade == grade, within_s) for grade in grades)


def last_reached(due: Due) -> int | None:
    """Return the demand that waits longest among those that are ever reached, None where none is."""
    ever = np.flatnonzero(np.isfinite(due.first_s))
    return int(ever[np.argmax(due.first_s[ever])]) if len(ever) else None


def promise_of(
    straight_m: NDArray[np.float64], radius_m: float, due: Due, demands: Demands, within_s: float
) -> Promise:
    """
    Hold the circles around posts against the road.

    Parameters
    ----------
    straight_m : float64, shape (posts, spots)
        How far each spot lies from each post as the crow flies.
    """
    nearest_m = straight_m.min(axis=0, initial=np.inf)
    inside = share_of(nearest_m <= radius_m, demands) == 1.0
    reached = due.first_s <= within_s
    return Promise(inside, inside & ~reached, reached & ~inside)


def gates_that_count(demands: Demands, reachable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Return which spots count, shape (spots,).

    Where a road crosses the outline of a plant there may be a gate. One that nobody can ever reach is none,
    unless nobody can reach any other. All pieces of a line count.
    """
    some = np.bincount(demands.spot_demand, reachable, len(demands)) > 0
    return reachable | demands.by_share[demands.spot_demand] | ~some[demands.spot_demand]


def _two_soonest(seconds: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the second post at every spot; of posts as soon the one that stands first."""
    posts, spots = seconds.shape
    if not posts:
        nobody = np.full(spots, NOBODY)
        return nobody, nobody
    columns = np.arange(spots)
    first = np.argmin(seconds, axis=0)
    others = seconds.copy()
    others[first, columns] = np.inf
    second = np.argmin(others, axis=0)
    comes_first = np.isfinite(seconds[first, columns])
    comes_second = np.isfinite(others[second, columns])
    return np.where(comes_first, first, NOBODY), np.where(comes_second, second, NOBODY)


def _time_of(
    seconds: NDArray[np.float64], post: NDArray[np.int64], spots: NDArray[np.int64]
) -> NDArray[np.float64]:
    time_s = np.full(len(spots), np.inf)
    comes = post != NOBODY
    time_s[comes] = seconds[post[comes], spots[comes]]
    return time_s


def _latest(spot_s: NDArray[np.float64], demands: Demands) -> NDArray[np.int64]:
    """Return the spot of every demand that waits longest; of those that wait as long the first."""
    order = np.lexsort((np.arange(len(spot_s)), -spot_s, demands.spot_demand))
    return np.asarray(order[demands.spot_first], dtype=np.int64)


def _tally(grade: int, due: Due, of_grade: NDArray[np.bool_], within_s: float) -> Tally:
    return Tally(
        grade=grade,
        demands=int(np.count_nonzero(of_grade)),
        reached=int(np.count_nonzero(due.first_s[of_grade] <= within_s)),
        reached_twice=int(np.count_nonzero(due.second_s[of_grade] <= within_s)),
        worst_s=float(due.first_s[of_grade].max(initial=0.0)),
    )
