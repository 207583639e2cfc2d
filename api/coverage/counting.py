"""Coverage: what chosen bases reach today, by number and grade, by road and by circle."""

from dataclasses import dataclass
from pathlib import Path

from api.coverage.answer import CoverageAnswer
from api.coverage.figures import Figures, Layers, figures_of
from api.coverage.said import coverage_said
from api.dispatching import Centre
from api.long_work import Told
from api.plan_ground import Layout
from api.planning import PlanAsked, read_posts, terms_of
from data.database import transaction
from data.planning import planned_sources
from data.planning_layers import read_districts, read_people
from geo.errors import InvalidInputError

M_PER_KM = 1000.0
LARGEST_RADIUS_KM = 500.0


@dataclass(frozen=True)
class CoverageAsked:
    """A question on coverage: the plan, a radius to hold against the road, and layers to count."""

    plan: PlanAsked
    radius_km: float | None = None
    population: Path | None = None
    districts: Path | None = None


@dataclass(frozen=True)
class Covered:
    """The answer, and the figures behind it for files and maps."""

    answer: CoverageAnswer
    figures: Figures


def coverage(centre: Centre, asked: CoverageAsked, told: Told) -> Covered:
    """
    Say what the units that count reach in time from their bases.

    Nobody is taken to be busy and no live road condition counts: it is a plan. It is told what is being
    done, and what memory it takes before it is taken.

    Raises
    ------
    InvalidInputError
        When the question cannot be understood, or a layer cannot be used.
    NobodyCountsError
        When no unit is left that counts.
    TooLargeError
        When it takes more memory than is free.
    """
    layers = Layers(
        radius_m=_radius_m(asked.radius_km),
        people=None if asked.population is None else read_people(asked.population),
        districts=None if asked.districts is None else read_districts(asked.districts),
    )
    with transaction(centre.sessions) as session:
        terms = terms_of(session, asked.plan, needs_time=True)
        posts = read_posts(session, asked.plan, terms)
        sources = planned_sources(session).of_grade(terms.grade)
    layout = Layout(centre.roads, centre.settings.snap_limit_m, asked.plan, posts, sources)
    ground = layout.ground(told.say, told.workers)
    told.say("following the roads from every base")
    figures = figures_of(ground, terms, layers, told)
    return Covered(coverage_said(figures), figures)


def _radius_m(radius_km: float | None) -> float | None:
    if radius_km is None:
        return None
    if not 0 < radius_km <= LARGEST_RADIUS_KM:
        raise InvalidInputError(
            "radius_km", f"{radius_km:g} must be above 0 and at most {LARGEST_RADIUS_KM:g}"
        )
    return radius_km * M_PER_KM
