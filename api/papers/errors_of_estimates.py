"""How far estimates were off, as people and programs read it."""

from pydantic import Field

from api.answer_base import Said
from api.dispatching import Centre
from data.database import transaction
from data.travel_errors import Errors, travel_errors


class ErrorsSaid(Said):
    """How far the estimates of one step were off; positive where it took longer."""

    count: int
    mean_s: float
    median_s: float
    worst_s: float
    actual_over_predicted: float | None = Field(
        description="the median ratio, by which an estimate would be multiplied"
    )


class TravelErrorsSaid(Said):
    """The errors under some circumstances."""

    road_class: str | None = Field(description="the class of most metres; null where it is not known")
    hour: int = Field(description="the local hour of the start")
    preset: str | None = Field(description="night, ice or fog; null for plain surroundings")
    synthetic: bool = Field(description="exercises are never mixed with real drives")
    turnout: ErrorsSaid | None
    travel: ErrorsSaid | None


def errors_of_estimates(centre: Centre) -> list[TravelErrorsSaid]:
    """Return the errors of every estimate that can be compared, by their circumstances."""
    with transaction(centre.sessions) as session:
        found = travel_errors(session, centre.settings.time_zone)
    return [
        TravelErrorsSaid(
            road_class=one.circumstances.road_class,
            hour=one.circumstances.hour,
            preset=one.circumstances.preset,
            synthetic=one.circumstances.synthetic,
            turnout=_said(one.turnout),
            travel=_said(one.travel),
        )
        for one in found
    ]


def _said(errors: Errors | None) -> ErrorsSaid | None:
    if errors is None:
        return None
    return ErrorsSaid(
        count=errors.count,
        mean_s=errors.mean_s,
        median_s=errors.median_s,
        worst_s=errors.worst_s,
        actual_over_predicted=errors.actual_over_predicted,
    )
