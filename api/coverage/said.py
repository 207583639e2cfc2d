"""Figures of coverage in the words of the answer."""

import math

import numpy as np
from numpy.typing import NDArray

from api.coverage.answer import (
    BaseSaid,
    CoverageAnswer,
    DistrictSaid,
    GradeSaid,
    KmSaid,
    PeopleSaid,
    QuestionSaid,
    RadiusSaid,
    SourceSaid,
)
from api.coverage.figures import DistrictFigures, Figures, PeopleFigures, RadiusFigures
from api.plan_ground import Ground
from api.planning import Posts, Terms
from api.rounding import lon_lat, seconds, seconds_if_ever
from geo.places import WGS84
from routing.coverage import NOBODY, UNGRADED, last_reached, tally

M_PER_KM = 1000.0
M2_PER_KM2 = 1e6
KM_DECIMALS = 3
SHARE_DECIMALS = 6
GRAVEST = 2
PER_HUNDRED = 100.0
EVERY_ONE = 100.0
HOW = (
    "a plant counts by its worst gate, gates being where roads cross its outline; a line by share of length",
    "the first unit counts: how many must come is not asked here",
    "nobody is taken to be busy, units start from their bases and roads are as planned",
)


def coverage_said(figures: Figures) -> CoverageAnswer:
    """Return the answer."""
    ground, due = figures.ground, figures.due
    sources, network = ground.layout.sources, ground.layout.roads.network
    worst = last_reached(due)
    length_m = _length_m(figures)
    return CoverageAnswer(
        question=question_said(ground, figures.terms),
        met=_met(figures),
        bases=bases_said(ground.layout.posts),
        grades=_grades(figures),
        sources=[_source(figures, i, float(length_m[i])) for i in range(len(sources.id))],
        worst=None if worst is None else int(sources.id[worst]),
        never=sources.id[~np.isfinite(due.first_s)].tolist(),
        roads=_km(float(network.length_m.sum()), float(figures.segment_m.sum())),
        lines=_km(float(length_m.sum()), float(length_m @ figures.share)),
        area_km2=_rounded_km(abs(WGS84.geometry_area_perimeter(figures.area)[0]) / M2_PER_KM2),
        people=None if figures.people is None else _people(figures.people, None),
        districts=[] if figures.districts is None else _districts(figures, figures.districts),
        radius=None if figures.radius is None else _radius(figures, figures.radius),
        notes=[*figures.terms.notes, *ground.layout.posts.notes, *ground.notes, *HOW],
    )


def question_said(ground: Ground, terms: Terms) -> QuestionSaid:
    """Return what was asked."""
    asked, stored, standard = ground.layout.asked, ground.layout.roads.stored, terms.standard
    return QuestionSaid(
        roads=stored.name,
        roads_hash=stored.hash,
        licence=ground.layout.roads.licence,
        standard=standard and standard.code,
        standard_en=standard and standard.name_en,
        standard_zh=standard and standard.name_zh,
        clause=standard and standard.clause,
        strength=standard and standard.strength,
        source=standard and standard.source,
        percentile=standard and standard.percentile,
        within_s=terms.within_s if math.isfinite(terms.within_s) else None,
        clock=terms.clock,
        counts_turnout=terms.counts_turnout,
        capability=None if terms.capability is None else str(terms.capability),
        grade=terms.grade,
        profile=asked.profile,
        preset=asked.preset,
        closed_segments=ground.closed_segments,
    )


def bases_said(posts: Posts) -> list[BaseSaid]:
    """Return the bases with the units of theirs that count."""
    said = []
    for base, name in enumerate(posts.base_name):
        own = np.flatnonzero(posts.base == base).tolist()
        said.append(
            BaseSaid(
                name=name,
                place=lon_lat(posts.lon[base], posts.lat[base]),
                units=[unit for post in own for unit in posts.units[post]],
                drives=sorted({str(posts.profile[post]) for post in own}),
                turnout_s=seconds(posts.turnout_s[own].min()),
            )
        )
    return said


def _met(figures: Figures) -> bool | None:
    """Whether enough of the sources are reached: the standard's percentile, else every one."""
    standard, count = figures.terms.standard, len(figures.share)
    if not count:
        return None
    percentile = EVERY_ONE if standard is None or standard.percentile is None else standard.percentile
    reached = int(np.count_nonzero(figures.due.first_s <= figures.terms.within_s))
    return reached * PER_HUNDRED >= percentile * count


def _grades(figures: Figures) -> list[GradeSaid]:
    return [
        GradeSaid(
            grade=None if row.grade == UNGRADED else row.grade,
            sources=row.demands,
            reached=row.reached,
            reached_twice=row.reached_twice,
            worst_s=seconds_if_ever(row.worst_s),
        )
        for row in tally(figures.due, figures.ground.links.demands, figures.terms.within_s)
    ]


def _length_m(figures: Figures) -> NDArray[np.float64]:
    """Return the length of every source that is a line, 0 for the others."""
    by_share, shapes = figures.ground.links.demands.by_share, figures.ground.layout.sources.shape
    lengths = [
        WGS84.geometry_length(shape) if line else 0.0 for shape, line in zip(shapes, by_share, strict=True)
    ]
    return np.array(lengths, dtype=np.float64)


def _source(figures: Figures, i: int, length_m: float) -> SourceSaid:
    ground, due = figures.ground, figures.due
    sources, spots, worst = ground.layout.sources, ground.spots, int(figures.due.worst_spot[i])
    grade, by_share = int(sources.grade[i]), bool(ground.links.demands.by_share[i])
    return SourceSaid(
        id=int(sources.id[i]),
        name=str(sources.name[i]),
        kind=str(sources.kind[i]),
        grade=None if grade == UNGRADED else grade,
        synthetic=bool(sources.synthetic[i]),
        place=lon_lat(spots.lon[worst], spots.lat[worst]),
        gates=int(np.count_nonzero(spots.shape == i)),
        length_km=_rounded_km(length_m / M_PER_KM) if by_share else None,
        share=round(float(figures.share[i]), SHARE_DECIMALS),
        reached=bool(due.first_s[i] <= figures.terms.within_s),
        first_s=seconds_if_ever(float(due.first_s[i])),
        first_base=_base(ground.layout.posts, int(due.first[i])),
        second_s=seconds_if_ever(float(due.second_s[i])),
        second_base=_base(ground.layout.posts, int(due.second[i])),
        circle=None if figures.radius is None else bool(figures.radius.promise.inside[i]),
        nearest_base_km=_rounded_km(float(figures.nearest_m[i]) / M_PER_KM),
        district=_district_of(figures, i),
    )


def _base(posts: Posts, base: int) -> str | None:
    return None if base == NOBODY else posts.base_name[base]


def _district_of(figures: Figures, i: int) -> str | None:
    if figures.districts is None or figures.districts.source[i] == NOBODY:
        return None
    return figures.districts.name[int(figures.districts.source[i])]


def _km(total_m: float, reached_m: float) -> KmSaid:
    return KmSaid(total_km=_rounded_km(total_m / M_PER_KM), reached_km=_rounded_km(reached_m / M_PER_KM))


def _rounded_km(km: float) -> float:
    return round(km, KM_DECIMALS)


def _people(people: PeopleFigures, inside: NDArray[np.bool_] | None) -> PeopleSaid:
    count = people.at.people if inside is None else np.where(inside, people.at.people, 0.0)
    return PeopleSaid(total=float(count.sum()), reached=float(count @ people.reached))


def _districts(figures: Figures, districts: DistrictFigures) -> list[DistrictSaid]:
    return [_district(figures, districts, number) for number in range(len(districts.name))]


def _district(figures: Figures, districts: DistrictFigures, number: int) -> DistrictSaid:
    own, road = districts.source == number, districts.segment == number
    grade, network = figures.ground.layout.sources.grade, figures.ground.layout.roads.network
    grave = own & (grade != UNGRADED) & (grade <= GRAVEST)
    in_time = figures.due.first_s <= figures.terms.within_s
    people = figures.people
    return DistrictSaid(
        name=districts.name[number],
        sources=int(own.sum()),
        reached=int((own & in_time).sum()),
        grades_1_2=int(grave.sum()),
        grades_1_2_reached=int((grave & in_time).sum()),
        worst_s=seconds_if_ever(float(figures.due.first_s[own].max())) if own.any() else None,
        roads=_km(float(network.length_m[road].sum()), float(figures.segment_m[road].sum())),
        people=None if people is None else _people(people, districts.people == number),
    )


def _radius(figures: Figures, radius: RadiusFigures) -> RadiusSaid:
    ids, promise = figures.ground.layout.sources.id, radius.promise
    return RadiusSaid(
        radius_km=radius.radius_m / M_PER_KM,
        sources_promised=int(promise.inside.sum()),
        sources_kept=int((promise.inside & ~promise.lie).sum()),
        lies=ids[promise.lie].tolist(),
        unpromised=ids[promise.unpromised].tolist(),
        roads_promised_km=_rounded_km(radius.roads_promised_m / M_PER_KM),
        roads_kept_km=_rounded_km(radius.roads_kept_m / M_PER_KM),
    )
