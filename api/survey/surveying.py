"""The resource survey: who stands by each enterprise, what each source lacks, what nobody has checked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.dispatching import Centre
from api.long_work import Told
from api.survey.answer import SurveyAnswer
from api.survey.ground import ReachByRoad, SurveyGround, reach_by_road, read_ground
from api.survey.needs import Surveyor
from api.survey.said import Found, survey_said
from data.database import transaction
from data.records import verified_rows
from data.surveyed import enterprise_standings
from geo.errors import InvalidInputError, RescueError

LONGEST_S = 86_400.0
MOST_STALE_DAYS = 36_500


class NothingToSurveyError(RescueError):
    """A registry without anything that could be surveyed."""


@dataclass(frozen=True)
class SurveyAsked:
    """How far away help still counts, in seconds from the order, and from which age a check is too old."""

    within_s: float = 1800.0
    stale_days: int = 365

    def __post_init__(self) -> None:
        if not 0 < self.within_s <= LONGEST_S:
            raise InvalidInputError(
                "within_s", f"{self.within_s:g} must be above 0 and at most {LONGEST_S:g}, a day"
            )
        if not 0 < self.stale_days <= MOST_STALE_DAYS:
            raise InvalidInputError(
                "stale_days", f"{self.stale_days} must be at least 1 and at most {MOST_STALE_DAYS}"
            )


@dataclass(frozen=True)
class Survey:
    """The answer, and what it was made from."""

    answer: SurveyAnswer
    ground: SurveyGround
    reach: ReachByRoad


def survey(centre: Centre, asked: SurveyAsked, told: Told) -> Survey:
    """
    Survey the registry as it is today.

    Nobody is taken to be busy, units start from their bases, and no live road condition counts.

    Raises
    ------
    NothingToSurveyError
        When the registry holds no hazard source.
    TooLargeError
        When the times by road take more memory than is free.
    """
    read_at = datetime.now(UTC)
    day = read_at.astimezone(ZoneInfo(centre.settings.time_zone)).date()
    with transaction(centre.sessions) as session:
        enterprises = enterprise_standings(session, day)
        if not enterprises:
            raise NothingToSurveyError("the registry holds no hazard source: add some, then survey them")
        ground, rows = read_ground(session, centre.settings, read_at), verified_rows(session)
    reach = reach_by_road(centre.roads, ground, centre.settings.snap_limit_m, told.say)
    surveyor = Surveyor(ground, reach, asked.within_s, centre.settings)
    count = len(ground.sources.id)
    standings = tuple(told.progress((surveyor.standing(i) for i in range(count)), count))
    found = Found(day, asked.within_s, asked.stale_days, ground, standings, enterprises, rows)
    return Survey(survey_said(found, centre.roads), ground, reach)
