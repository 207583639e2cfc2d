"""Critical links: which road, bridge or tunnel, closed alone, leaves hazard sources worst off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.coverage.said import bases_said, question_said
from api.critical_links.answer import CriticalLinksAnswer, LinkSaid
from api.dispatching import Centre
from api.live_roads import LiveRoads
from api.long_work import Told, say_memory
from api.plan_ground import FEWER, Ground, Layout
from api.planning import PlanAsked, read_posts, terms_of
from api.rounding import positions, seconds, seconds_if_ever
from data.database import transaction
from data.planning import planned_sources
from data.planning_layers import Structure, read_structures
from routing.chunks import Found, Progress
from routing.closing import bytes_to_close
from routing.coverage import UNGRADED, Due, due_at, last_reached
from routing.covering import RoadCover
from routing.critical_links import Closure, joined, worst_closures
from routing.links import arrivals_under

M_PER_KM = 1000.0
GRAVEST = 2
ROAD = "road"
NOTES = (
    "one closing at a time, in both directions; who goes to a door on the closed stretch is let in",
    "a road that is several stretches between crossings does this whichever of them closes",
    "a plant counts by its worst gate, a line by its worst piece",
)


@dataclass(frozen=True)
class Ranked:
    """The answer, and the ground it stands on."""

    answer: CriticalLinksAnswer
    ground: Ground
    due: Due


@dataclass(frozen=True)
class LinksAsked:
    """A question on critical links: the plan, a file of bridges and tunnels, and how many to list."""

    plan: PlanAsked
    structures: Path | None = None
    most: int = 20


def critical_links(centre: Centre, asked: LinksAsked, told: Told) -> Ranked:
    """
    Rank the links whose closing alone drops most sources out of cover, or delays the worst arrival most.

    Only roads on the fastest way of the first unit to some source can matter; each of them is closed in turn
    and who is first then is found anew. Bridges and tunnels close as a whole where a file tells of them.
    Whoever drives the progress may stop at any closing.

    Raises
    ------
    TooLargeError
        When it takes more memory than is free.
    """
    built = () if asked.structures is None else read_structures(asked.structures)
    with transaction(centre.sessions) as session:
        terms = terms_of(session, asked.plan, needs_time=False)
        posts = read_posts(session, asked.plan, terms)
        sources = planned_sources(session).of_grade(terms.grade)
    ground = Layout(centre.roads, centre.settings.snap_limit_m, asked.plan, posts, sources).ground(
        told.say, told.workers
    )
    links = ground.links
    say_memory("roads closed one by one", bytes_to_close(links), told.say, FEWER)
    named = _covered(centre.roads, built)
    tried = _Counted(told.progress)
    found = worst_closures(links, terms.within_s, list(named), told.workers, tried) if len(sources.id) else []
    due = due_at(arrivals_under(links, (), np.arange(len(ground.spots)), told.workers), links.demands)
    last = last_reached(due)
    answer = CriticalLinksAnswer(
        question=question_said(ground, terms),
        bases=bases_said(posts),
        sources=dict(zip(sources.id.tolist(), sources.name.tolist(), strict=True)),
        before_s=None if last is None else seconds(due.first_s[last]),
        tried=tried.total,
        harmful=len(found),
        links=_links_said(ground, named, found, asked.most),
        notes=[*terms.notes, *posts.notes, *ground.notes, *NOTES],
    )
    return Ranked(answer, ground, due)


@dataclass
class _Counted:
    """Hands closings on and remembers how many there were to be."""

    progress: Progress
    total: int = 0

    def __call__(self, found: Iterator[Found], total: int, /) -> Iterator[Found]:
        self.total = total
        return self.progress(found, total)


def _covered(roads: LiveRoads, built: Sequence[Structure]) -> dict[tuple[int, ...], Structure]:
    """Return the structures by the segments they are made of, those that lie on no road left out."""
    cover = RoadCover(roads.network, roads.index)
    named: dict[tuple[int, ...], Structure] = {}
    for structure in built:
        segments = {int(segment) for shape in structure.shapes for segment in cover.segments(shape)}
        if segments:
            named.setdefault(tuple(sorted(segments)), structure)
    return named


def _links_said(
    ground: Ground, named: dict[tuple[int, ...], Structure], found: Sequence[Closure], most: int
) -> list[LinkSaid]:
    stretches = joined(ground.layout.roads.network, found)[:most]
    return [
        _said(ground, named.get(closure.segments), closure, segments, rank)
        for rank, (closure, segments) in enumerate(stretches, start=1)
    ]


def _said(
    ground: Ground, structure: Structure | None, found: Closure, segments: tuple[int, ...], rank: int
) -> LinkSaid:
    network, sources = ground.layout.roads.network, ground.layout.sources
    first = found.segments[0]
    grades = sources.grade[found.lost]
    street = str(network.street_names[network.street[first]])
    return LinkSaid(
        rank=rank,
        kind=structure.kind if structure else ROAD,
        name=(structure.name if structure else "") or street,
        road_class=str(network.class_names[network.road_class[first]]),
        segments=list(segments),
        length_km=round(float(network.length_m[list(segments)].sum()) / M_PER_KM, 3),
        lost=sources.id[found.lost].tolist(),
        lost_grades_1_2=int(np.count_nonzero((grades != UNGRADED) & (grades <= GRAVEST))),
        cut_off=sources.id[found.cut_off].tolist(),
        worst_s=seconds_if_ever(found.worst_s),
        worst=int(sources.id[found.worst]),
        delay_s=seconds(found.delay_s),
        coordinates=[_line(ground.layout.roads, segment) for segment in segments],
    )


def _line(roads: LiveRoads, segment: int) -> list[tuple[float, float]]:
    network = roads.network
    points = slice(network.point_first[segment], network.point_first[segment + 1])
    return positions(network.point_lon[points], network.point_lat[points])
