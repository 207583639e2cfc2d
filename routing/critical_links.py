"""Critical links: the roads whose closing, one at a time, leaves demands worst off."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.coverage import Demands, Due, due_at, whole_ms
from routing.network import RoadNetwork
from routing.router import Router
from routing.snapping import Snapped

GRAVEST = (1, 2)
BYTES_A_TIME = 8
COPIES = 3
"""The times under all roads, under a closure, and one working copy."""


@dataclass(frozen=True)
class Fleet:
    """
    Posts that drive alike.

    Attributes
    ----------
    router : Router
        Of their vehicles.
    post : int64, shape (k,)
        Their positions among all posts.
    place : Snapped
        Where they start, k places.
    start_s : float64, shape (k,)
        How long after the clock starts their wheels roll.
    """

    router: Router
    post: NDArray[np.int64]
    place: Snapped
    start_s: NDArray[np.float64]


@dataclass(frozen=True)
class Links:
    """
    What is asked.

    Attributes
    ----------
    fleets : sequence of Fleet
        Every post is in one of them.
    spots : Snapped
        Of the demands.
    barred : bool, shape (posts, spots)
        Where a post does not come, however near: a team kept for one site goes to no other.
    """

    fleets: Sequence[Fleet]
    spots: Snapped
    demands: Demands
    barred: NDArray[np.bool_]

    @property
    def posts(self) -> int:
        """How many posts there are."""
        return sum(len(fleet.post) for fleet in self.fleets)

    @property
    def needs_bytes(self) -> int:
        """The memory that finding out takes, about."""
        return COPIES * BYTES_A_TIME * self.posts * len(self.spots)


@dataclass(frozen=True)
class Closure:
    """
    What closing some segments together does.

    Attributes
    ----------
    segments : tuple of int
    lost : int64, shape (k,)
        The demands that were reached in time and no longer are.
    cut_off : int64, shape (k,)
        The demands that were reached ever and no longer are.
    worst_s : float
        The worst arrival then; ``inf`` once a demand is cut off.
    worst : int
        The demand that then waits longest.
    delay_s : float
        By how much all demands that are still reached wait longer together.
    """

    segments: tuple[int, ...]
    lost: NDArray[np.int64]
    cut_off: NDArray[np.int64]
    worst_s: float
    worst: int
    delay_s: float

    @property
    def harm(self) -> tuple[object, ...]:
        """What it does: two closures with the same harm differ in where they are alone."""
        return tuple(self.lost), tuple(self.cut_off), self.worst_s, self.worst, self.delay_s


def arrivals_under(links: Links, closed: Sequence[int], spots: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return when every post is at some of the spots while segments are closed, shape (posts, spots)."""
    seconds = np.full((links.posts, len(spots)), np.inf)
    for fleet in links.fleets:
        router = fleet.router if not len(closed) else _without(fleet.router, closed)
        driving_s = router.matrix(fleet.place, links.spots[spots])
        seconds[fleet.post] = whole_ms(driving_s + fleet.start_s[:, None])
    seconds[links.barred[:, spots]] = np.inf
    return seconds


def roads_that_matter(links: Links, due: Due) -> dict[int, NDArray[np.int64]]:
    """
    Return the segments on the way of the first post to some spot, each with the spots it matters to.

    Closing any other segment leaves one fastest way to every spot open, so it changes no arrival. The
    stretch a spot itself stands on is not counted against it: whoever closes a road lets in those who go
    to a door on it. The street of a post counts.
    """
    users: dict[int, list[int]] = {}
    for fleet in links.fleets:
        row = {int(post): i for i, post in enumerate(fleet.post)}
        for spot in np.flatnonzero(np.isin(due.spot_post, fleet.post)).tolist():
            post = row[int(due.spot_post[spot])]
            for segment in _driven(fleet, post, links.spots, spot):
                users.setdefault(segment, []).append(spot)
    return {segment: np.array(spots, dtype=np.int64) for segment, spots in sorted(users.items())}


def worst_closures(
    links: Links,
    within_s: float,
    structures: Sequence[Sequence[int]] = (),
    progress: Callable[[Iterator[Closure], int], Iterator[Closure]] = lambda found, _: found,
) -> list[Closure]:
    """
    Return what closing each road does, the worst first: every closing that changes an arrival.

    Every single segment on a fastest way is closed in turn, and every structure, which is several segments
    that close together, and all times are found anew: the answer is exact.

    Parameters
    ----------
    within_s : float
        The standard; ``inf`` where demands are lost only when nobody comes.
    structures : sequence of sequences of int
    progress : callable
        Is handed the closures as they are found and how many there will be, and hands them on.
    """
    every = np.arange(len(links.spots))
    seconds = arrivals_under(links, (), every)
    due = due_at(seconds, links.demands)
    users = roads_that_matter(links, due)
    closing = [(segment,) for segment in users] + [tuple(sorted(s)) for s in structures if len(s) > 1]
    used = [(segments, _users(links, users, segments)) for segments in dict.fromkeys(closing)]
    asked = [(segments, spots) for segments, spots in used if len(spots)]
    tried = (_closed(links, due, within_s, segments, spots) for segments, spots in asked)
    changing = [found for found in progress(tried, len(asked)) if _changes(found)]
    return sorted(changing, key=lambda found: _badness(found, links.demands))


def joined(network: RoadNetwork, found: Sequence[Closure]) -> list[tuple[Closure, tuple[int, ...]]]:
    """
    Return closures with the stretch of road each stands for, the worst first.

    Single segments of one street that follow each other and do the same harm, whichever of them closes, are
    one stretch: the first closure of them stands for all. A structure stands for itself.
    """
    stretches: list[tuple[Closure, tuple[int, ...]]] = []
    alike: dict[tuple[object, ...], list[Closure]] = {}
    for one in found:
        if len(one.segments) == 1:
            street = int(network.street[one.segments[0]])
            alike.setdefault((street, *one.harm), []).append(one)
        else:
            stretches.append((one, one.segments))
    for group in alike.values():
        stretches += _connected(network, group)
    rank = {one.segments: i for i, one in enumerate(found)}
    return sorted(stretches, key=lambda stretch: rank[stretch[0].segments])


def _connected(network: RoadNetwork, group: Sequence[Closure]) -> list[tuple[Closure, tuple[int, ...]]]:
    """Put single segments together that hang together."""
    segment = np.array([one.segments[0] for one in group], dtype=np.int64)
    ends = np.concatenate((network.tail[segment], network.head[segment]))
    _, node = np.unique(ends, return_inverse=True)
    row = np.tile(np.arange(len(segment)), 2)
    size = len(segment) + len(node)
    links = coo_array((np.ones(len(row), dtype=np.int8), (row, len(segment) + node)), shape=(size, size))
    part = connected_components(links, directed=False)[1][: len(segment)]
    members = [np.flatnonzero(part == each) for each in np.unique(part)]
    return [(group[own[0]], tuple(sorted(segment[own].tolist()))) for own in members]


def _closed(
    links: Links, due: Due, within_s: float, segments: tuple[int, ...], spots: NDArray[np.int64]
) -> Closure:
    """Return what a closure does: only the spots it matters to are asked about again."""
    spot_s = due.spot_s.copy()
    spot_s[spots] = arrivals_under(links, segments, spots).min(axis=0, initial=np.inf)
    first_s = np.maximum.reduceat(spot_s, links.demands.spot_first)
    ever, still = np.isfinite(due.first_s), np.isfinite(first_s)
    known = ever | still
    worst = int(np.argmax(np.where(ever, first_s, -np.inf))) if known.any() else 0
    return Closure(
        segments=segments,
        lost=np.flatnonzero((due.first_s <= within_s) & ever & ~((first_s <= within_s) & still)),
        cut_off=np.flatnonzero(ever & ~still),
        worst_s=float(first_s[worst]),
        worst=worst,
        delay_s=float((first_s[still] - due.first_s[still]).sum()),
    )


def _changes(found: Closure) -> bool:
    return bool(found.delay_s > 0 or len(found.lost) or len(found.cut_off))


def _badness(found: Closure, demands: Demands) -> tuple[float, ...]:
    """Rank by the gravest demands lost, then all lost, the worst arrival, those cut off, and all delay."""
    grades = demands.grade[found.lost]
    gravest = (-float(np.count_nonzero(grades == grade)) for grade in GRAVEST)
    return (
        *gravest,
        -float(np.count_nonzero(grades)),
        -float(len(found.lost)),
        -found.worst_s,
        -float(len(found.cut_off)),
        -found.delay_s,
        *map(float, found.segments),
    )


def _users(links: Links, users: dict[int, NDArray[np.int64]], segments: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the spots that some of the segments matter to, without those that stand on one of them."""
    none = np.zeros(0, dtype=np.int64)
    spots = np.unique(np.concatenate([none, *(users[s] for s in segments if s in users)]))
    at_door = np.isin(links.spots.segment[spots], segments) & ~links.spots.at_node[spots]
    return np.asarray(spots[~at_door], dtype=np.int64)


def _without(router: Router, closed: Sequence[int]) -> Router:
    mask = np.zeros(router.network.segments, dtype=np.bool_)
    mask[list(closed)] = True
    return router.under(router.metric.under(mask, np.ones(len(mask))))


def _driven(fleet: Fleet, post: int, spots: Snapped, spot: int) -> set[int]:
    """Return the segments driven from a post to a spot, without the one the spot stands on."""
    one = np.array([spot])
    (route,) = fleet.router.routes_to(fleet.place[np.array([post])], spots[one])
    if route is None:
        return set()
    stretches = route.stretches
    moved = stretches.start != stretches.end
    own = set() if spots.at_node[spot] else {int(spots.segment[spot])}
    return set(stretches.segment[moved].tolist()) - own
