"""
Histories: how one came to a node, as far as turn restrictions make it matter.

The forbidden sequences of directed segments are words; every proper beginning of one is a history, and
driving on is reading the next letter, as in the string matching of Aho and Corasick (1975).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork

Edge = tuple[int, bool]
Word = tuple[Edge, ...]


class Onward(NamedTuple):
    """An arc that leads on from a history."""

    source: int
    target: int
    segment: int
    forward: bool
    forbidden: bool


@dataclass(frozen=True)
class Histories:
    """
    The graph nodes and arcs that turn restrictions add to a network's own.

    Attributes
    ----------
    place : int64, shape (histories,)
        The network node each history ends at; history ``i`` is graph node ``network.nodes + i``.
    begun_by, begun : int64, shape (begun,)
        Positions among all segments forward, then all backward, that begin a history; and that history.
    source, target, segment, forward, forbidden : shape (arcs,)
        What leads on from the histories, as in ``SearchGraph``.
    """

    place: NDArray[np.int64]
    begun_by: NDArray[np.int64]
    begun: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    segment: NDArray[np.int64]
    forward: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]


def histories_of(network: RoadNetwork) -> Histories:
    """Return the histories that the forbidden turns of a network make matter."""
    words = _forbidden_words(network)
    beginnings = sorted({word[:i] for word in words for i in range(1, len(word))})
    node_of = {word: network.nodes + i for i, word in enumerate(beginnings)}
    singles = [(word[0], node) for word, node in node_of.items() if len(word) == 1]
    begun = [(segment + (0 if forward else network.segments), node) for (segment, forward), node in singles]
    onward = list(_onward(network, words, node_of))
    return Histories(
        place=np.array([_end(network, word[-1]) for word in beginnings], dtype=np.int64),
        begun_by=np.array([by for by, _ in begun], dtype=np.int64),
        begun=np.array([node for _, node in begun], dtype=np.int64),
        source=np.array([arc.source for arc in onward], dtype=np.int64),
        target=np.array([arc.target for arc in onward], dtype=np.int64),
        segment=np.array([arc.segment for arc in onward], dtype=np.int64),
        forward=np.array([arc.forward for arc in onward], dtype=np.bool_),
        forbidden=np.array([arc.forbidden for arc in onward], dtype=np.bool_),
    )


def _forbidden_words(network: RoadNetwork) -> set[Word]:
    edges = list(zip(network.turn_segment.tolist(), network.turn_forward.tolist(), strict=True))
    return {tuple(edges[first:after]) for first, after in pairwise(network.turn_first.tolist())}


def _onward(network: RoadNetwork, words: set[Word], node_of: dict[Word, int]) -> Iterator[Onward]:
    exits = _exits(network, {_end(network, word[-1]) for word in node_of})
    for word, source in node_of.items():
        for edge in exits[_end(network, word[-1])]:
            driven = (*word, edge)
            endings = [driven[i:] for i in range(len(driven))]
            target = next((node_of[ending] for ending in endings if ending in node_of), _end(network, edge))
            yield Onward(source, target, *edge, any(ending in words for ending in endings))


def _exits(network: RoadNetwork, places: set[int]) -> dict[int, list[Edge]]:
    """Return the directed segments that leave each place."""
    exits: dict[int, list[Edge]] = defaultdict(list)
    wanted = list(places)
    for segment in np.flatnonzero(np.isin(network.tail, wanted)).tolist():
        exits[int(network.tail[segment])].append((segment, True))
    for segment in np.flatnonzero(np.isin(network.head, wanted)).tolist():
        exits[int(network.head[segment])].append((segment, False))
    return exits


def _end(network: RoadNetwork, edge: Edge) -> int:
    segment, forward = edge
    return int((network.head if forward else network.tail)[segment])
