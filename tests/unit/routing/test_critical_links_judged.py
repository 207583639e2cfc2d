"""Critical links in random towns, judged by closing every road and asking all posts anew."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from routing.chunks import HERE, Threads, Workers
from routing.coverage import Demands, due_at
from routing.critical_links import worst_closures
from routing.graph import SearchGraph
from routing.links import Fleet, Links, arrivals_under
from routing.metric import metric_of
from routing.profiles import profile
from routing.router import Router
from tests.unit.routing.random_towns import Situation
from tests.unit.routing.test_turns_judged import with_forbidden_turns

T = TypeVar("T")
WITHIN_S = (5.0, 60.0, 90.0, np.inf)


@dataclass(frozen=True)
class Asked:
    links: Links
    within_s: float
    structures: list[tuple[int, ...]]
    workers: Workers


def some(each: st.SearchStrategy[T], count: int) -> st.SearchStrategy[list[T]]:
    """Draw so many."""
    return st.lists(each, min_size=count, max_size=count)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a town with forbidden turns, posts of two kinds that turn out late, and who comes where."""
    situation, _ = draw(with_forbidden_turns())
    spots, posts = len(situation.origins), draw(st.integers(1, 4))
    segment = st.integers(0, situation.network.segments - 1)
    barred = draw(some(st.sampled_from((False, False, True)), posts * spots))
    links = Links(
        _fleets(draw, situation, posts),
        situation.origins,
        _demands(draw, spots),
        np.array(barred).reshape(posts, spots),
    )
    structures = draw(st.lists(st.lists(segment, min_size=1, max_size=3, unique=True), max_size=3))
    workers: Workers = Threads(2) if draw(st.booleans()) else HERE
    several = [tuple(sorted(segments)) for segments in structures if len(segments) > 1]
    return Asked(links, draw(st.sampled_from(WITHIN_S)), several, workers)


def _fleets(draw: st.DrawFn, situation: Situation, posts: int) -> list[Fleet]:
    """Let the first posts drive as they like, the others obey forbidden turns; they stand anywhere."""
    network, graph = situation.network, SearchGraph.of(situation.network)
    where = np.array(draw(some(st.integers(0, len(situation.origins) - 1), posts)))
    start_s = np.array(draw(some(st.sampled_from((0.0, 0.5, 30.25, 60.0)), posts)))
    half = draw(st.integers(0, posts))
    fleets = []
    for name, own in (("car", np.arange(half)), ("passenger", np.arange(half, posts))):
        router = Router.plain(network, graph, metric_of(network, profile(name)))
        fleets.append(Fleet(router, own, situation.origins[where[own]], start_s[own]))
    return fleets


def _demands(draw: st.DrawFn, spots: int) -> Demands:
    """Give every spot to a demand; some demands have several."""
    owner = np.cumsum([0, *draw(some(st.booleans(), spots - 1))])
    grade = np.array(draw(some(st.integers(0, 4), int(owner[-1]) + 1)))
    return Demands(grade, np.zeros(len(grade), dtype=bool), owner, np.ones(spots))


def judged(asked: Asked, segments: tuple[int, ...]) -> tuple[list[int], list[int], float] | None:
    """Close some roads, ask every post about every spot, and say what is lost; None where nothing changes."""
    links, every = asked.links, np.arange(len(asked.links.spots))
    before_s, after_s = _first_s(links, ()), _first_s(links, segments)
    at_door = np.isin(links.spots.segment, segments) & ~links.spots.at_node
    spot_s = np.where(at_door, before_s, after_s)[every]
    before, after = (np.maximum.reduceat(s, links.demands.spot_first) for s in (before_s, spot_s))
    if np.array_equal(before, after):
        return None
    ever, still = np.isfinite(before), np.isfinite(after)
    lost = (before <= asked.within_s) & ever & ~((after <= asked.within_s) & still)
    cut_off = ever & ~still
    return np.flatnonzero(lost).tolist(), np.flatnonzero(cut_off).tolist(), float(after[ever].max())


def _first_s(links: Links, closed: tuple[int, ...]) -> NDArray[np.float64]:
    every = np.arange(len(links.spots))
    return due_at(arrivals_under(links, closed, every), links.demands).spot_s


@settings(max_examples=60)
@given(asked())
def test_every_road_and_structure_does_what_closing_it_shows(asked: Asked) -> None:
    segments = asked.links.fleets[0].router.network.segments
    closings = [(segment,) for segment in range(segments)] + asked.structures
    expected = {closing: judged(asked, closing) for closing in closings}
    found = worst_closures(asked.links, asked.within_s, asked.structures, asked.workers)
    assert {one.segments: (one.lost.tolist(), one.cut_off.tolist(), one.worst_s) for one in found} == {
        closing: harm for closing, harm in expected.items() if harm is not None
    }
