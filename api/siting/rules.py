"""Rules about where a station may stand: binding ones bar a candidate, advising ones are priced."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from api.siting.answer import PlanSaid, RuleSaid
from api.siting.sites import Kind, Sites
from data.planning import PlannedSources
from geo.crs import to_metres

FROM_HAZARD_M = 300.0
FROM_EXITS_M = 50.0
FROM_HAZARD = "建标152-2017 art. 15: 300 m from hazmat sites"
CODE = "建标152-2017"
SHALL, SHOULD = "shall", "should"
CANNOT = "cannot tell"


@dataclass(frozen=True, eq=False)
class Judged:
    """
    Sites beside the rules.

    Attributes
    ----------
    barred : tuple of (str or None), one a site
        The binding rule that bars it.
    breaks : tuple of tuple of str, one a site
        The advising rules that building there breaks.
    """

    barred: tuple[str | None, ...]
    breaks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Exits:
    """Where hospitals and schools let people out, WGS84."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def judge(sites: Sites, sources: PlannedSources, exits: Exits | None, metric_system: str) -> Judged:
    """Hold every candidate to the rules that distance can decide; what stands is not judged."""
    x, y = to_metres(metric_system, sites.lon, sites.lat)
    spots = shapely.points(x, y)
    shapes = [_metric(shape, metric_system) for shape in sources.shape]
    candidate = sites.kind != Kind.EXISTING
    by_hazard = candidate & (_gap_m(spots, shapes) < FROM_HAZARD_M)
    by_exit = np.zeros(len(spots), dtype=np.bool_)
    if exits is not None:
        doors = shapely.points(*to_metres(metric_system, exits.lon, exits.lat))
        by_exit = (sites.kind == Kind.NEW) & (_gap_m(spots, list(doors)) < FROM_EXITS_M)
    return Judged(
        barred=tuple(
            f"less than {FROM_EXITS_M:g} m from a hospital or school exit" if bad else None for bad in by_exit
        ),
        breaks=tuple((FROM_HAZARD,) if bad else () for bad in by_hazard),
    )


def rules_said(
    best: PlanSaid, standard: RuleSaid, keeping: PlanSaid | None, exits: Exits | None
) -> tuple[RuleSaid, ...]:
    """Say how the best plan stands to each rule; ``keeping`` is the best one that keeps the advising ones."""
    return (
        standard,
        RuleSaid(
            FROM_HAZARD.split(":", maxsplit=1)[0],
            SHOULD,
            "at least 300 m from hazmat sites (upwind or crosswind: cannot tell, no wind is recorded)",
            "broken" if FROM_HAZARD in best.breaks else "kept",
            _price(best, keeping),
        ),
        RuleSaid(
            CODE,
            SHALL,
            "exits at least 50 m from those of hospitals and schools"
            + ("" if exits else "; give them with --keep-off"),
            CANNOT if exits is None else "kept",
            "" if exits is None else "candidates nearer than that are barred",
        ),
        RuleSaid(CODE, SHOULD, "station area by class (7, 4, 2, 15 km²)", CANNOT, "no station has a class"),
        RuleSaid(
            "city fire planning code",
            SHOULD,
            "areas do not cross motorways, main railways or large rivers",
            CANNOT,
            "no station has a drawn area",
        ),
    )


def _price(best: PlanSaid, keeping: PlanSaid | None) -> str:
    if FROM_HAZARD not in best.breaks:
        return "nothing: the best plan keeps it"
    if keeping is None:
        return "no ranked plan keeps it"
    fewer = sum(one.reached - other.reached for one, other in zip(best.grades, keeping.grades, strict=True))
    counted = f"{abs(fewer):.3g} sources {'fewer' if fewer > 0 else 'more'}" if round(fewer, 3) else "as many"
    return f"{' + '.join(keeping.sites)} keeps it and reaches {counted}, {_later(best, keeping)}"


def _later(best: PlanSaid, keeping: PlanSaid) -> str:
    ours, theirs = (plan.latest.past_deadline_s if plan.latest else None for plan in (best, keeping))
    if ours is None or theirs is None:
        return "latest arrivals not to be compared"
    return f"latest arrival {theirs - ours:+.0f} s"


def _metric(shape: shapely.Geometry, metric_system: str) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: np.column_stack(to_metres(metric_system, xy[:, 0], xy[:, 1])))


def _gap_m(spots: NDArray[np.object_], shapes: Sequence[shapely.Geometry]) -> NDArray[np.float64]:
    """Return how far each spot is from the nearest shape; ``inf`` where there is none."""
    if not len(shapes):
        return np.full(len(spots), np.inf)
    spot, nearest = shapely.STRtree(shapes).query_nearest(spots, all_matches=False)
    gap = np.full(len(spots), np.inf)
    gap[spot] = shapely.distance(spots[spot], np.asarray(shapes, dtype=np.object_)[nearest])
    return gap
