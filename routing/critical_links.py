"""Critical links: the roads whose closing, one at a time, leaves demands worst off."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.chunks import HERE, Progress, Workers, runs, untold
from routing.closing import OpenRoads, in_seconds, with_all_open
from routing.coverage import Demands
from routing.detours import Asked
from routing.links import Links
from routing.network import RoadNetwork

GRAVEST = (1, 2)
CLOSINGS = 64
"""So many closings are one piece."""


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


@dataclass(frozen=True)
class Closing:
    """Segments that close together, and the spots whose first post comes over one of them."""

    segments: tuple[int, ...]
    spots: NDArray[np.int64]


@dataclass(frozen=True)
class Town:
    """What every closing is asked of."""

    roads: OpenRoads
    demands: Demands
    within_s: float

    @cached_property
    def spot_s(self) -> NDArray[np.float64]:
        """When somebody is first at every spot, all roads open."""
        return in_seconds(self.roads.first_ms)

    @cached_property
    def first_s(self) -> NDArray[np.float64]:
        """When every demand is reached, all roads open."""
        return np.asarray(np.maximum.reduceat(self.spot_s, self.demands.spot_first), dtype=np.float64)


def worst_closures(
    links: Links,
    within_s: float,
    structures: Sequence[Sequence[int]] = (),
    workers: Workers = HERE,
    progress: Progress = untold,
) -> list[Closure]:
    """
    Return what closing each road does, the worst first: every closing that changes an arrival.

    Every single segment on a fastest way is closed in turn, and every structure, which is several segments
    that close together. Closing any other leaves one fastest way to every spot open. The stretch a spot
    itself stands on is not counted against it: whoever closes a road lets in those who go to a door on it.
    The street of a post counts. The answer is exact.

    Parameters
    ----------
    within_s : float
        The standard; ``inf`` where demands are lost only when nobody comes.
    structures : sequence of sequences of int
    workers : Workers
        Who closes roads, several at a time.
    progress : callable
        Is handed the closures as they are found and how many there will be, and hands them on.
    """
    town = Town(with_all_open(links), links.demands, within_s)
    asked = closings(links, town.roads, structures)
    pieces = [asked[run[0] : run[-1] + 1] for run in runs(len(asked), CLOSINGS)]
    found = (one for some in workers.each(close_each, (town,), pieces) for one in some)
    changing = [one for one in progress(found, len(asked)) if _changes(one)]
    return sorted(changing, key=lambda one: _badness(one, links.demands))


def closings(links: Links, roads: OpenRoads, structures: Sequence[Sequence[int]] = ()) -> list[Closing]:
    """Return the closings that matter to some spot: every segment on a way, and the structures."""
    users: dict[int, list[int]] = {}
    for spot, driven in enumerate(roads.roads):
        for segment in driven.tolist():
            users.setdefault(segment, []).append(spot)
    closing: list[tuple[int, ...]] = [(segment,) for segment in sorted(users)]
    closing += [tuple(sorted(structure)) for structure in structures if len(structure) > 1]
    each = (Closing(segments, _users(links, users, segments)) for segments in dict.fromkeys(closing))
    return [one for one in each if len(one.spots)]


def close_each(kept: tuple[Town], closings: Sequence[Closing]) -> list[Closure]:
    """Return what each of some closings does: only the spots it matters to are asked about again."""
    (town,) = kept
    spots = np.concatenate([closing.spots for closing in closings])
    count = [len(closing.spots) for closing in closings]
    closed = np.array([segment for closing in closings for segment in closing.segments])
    asked = Asked(
        closed_first=np.cumsum([0, *(len(closing.segments) for closing in closings)]),
        closed=closed,
        closure=np.repeat(np.arange(len(closings)), count),
        spot=spots,
    )
    spot_s = np.split(in_seconds(town.roads.soonest_ms(asked)), np.cumsum(count)[:-1])
    return [_closed(town, closing, own_s) for closing, own_s in zip(closings, spot_s, strict=True)]


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


def _closed(town: Town, closing: Closing, own_s: NDArray[np.float64]) -> Closure:
    """Return what a closing does, given when somebody is then first at the spots it matters to."""
    demands, within_s, before_s = town.demands, town.within_s, town.first_s
    spot_s = town.spot_s.copy()
    spot_s[closing.spots] = own_s
    first_s = np.maximum.reduceat(spot_s, demands.spot_first)
    ever, still = np.isfinite(before_s), np.isfinite(first_s)
    worst = int(np.argmax(np.where(ever, first_s, -np.inf)))
    return Closure(
        segments=closing.segments,
        lost=np.flatnonzero((before_s <= within_s) & ever & ~((first_s <= within_s) & still)),
        cut_off=np.flatnonzero(ever & ~still),
        worst_s=float(first_s[worst]),
        worst=worst,
        delay_s=float((first_s[still] - before_s[still]).sum()),
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


def _users(links: Links, users: dict[int, list[int]], segments: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the spots that some of the segments matter to, without those that stand on one of them."""
    spots = np.unique([spot for segment in segments for spot in users.get(segment, ())]).astype(np.int64)
    at_door = np.isin(links.spots.segment[spots], segments) & ~links.spots.at_node[spots]
    return np.asarray(spots[~at_door], dtype=np.int64)
