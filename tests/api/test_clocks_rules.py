"""The rules of the clocks, worked out by hand: no database, no roads."""

from datetime import UTC, datetime, timedelta

import pytest

from api.clocks import seconds_by_tier, within_s
from api.redispatch import arrival_of, eased, later_s, worsened
from api.relief import relief_due
from data.models import Tier
from data.vocabulary import shipped_rows
from data.watched import Arrival

EIGHT = datetime(2030, 5, 1, 8, tzinfo=UTC)
CUT_OFF = Arrival(None)
THRESHOLD_S = 120.0


def minutes_past(minutes: float) -> Arrival:
    return Arrival(EIGHT + timedelta(minutes=minutes))


def test_every_tier_has_its_seconds_and_says_where_they_come_from() -> None:
    assert set(seconds_by_tier()) == set(Tier)
    assert all(row["basis"].startswith("assumption: ") for row in shipped_rows("acknowledgement.csv"))


def test_a_tier_that_nobody_knows_takes_as_long_as_others() -> None:
    assert within_s("") == within_s(Tier.OTHER)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (minutes_past(0), minutes_past(2), False),
        (minutes_past(0), minutes_past(2.1), True),
        (minutes_past(0), minutes_past(-5), False),
        (minutes_past(0), CUT_OFF, True),
        (CUT_OFF, CUT_OFF, False),
        (CUT_OFF, minutes_past(30), False),
        (None, CUT_OFF, True),
        (None, minutes_past(30), False),
    ],
)
def test_an_arrival_is_worse_beyond_the_threshold_or_where_the_road_is_cut(
    before: Arrival | None, after: Arrival, *, worse: bool
) -> None:
    assert worsened(before, after, THRESHOLD_S) is worse


def test_an_open_road_eases_what_was_cut_off() -> None:
    assert eased(CUT_OFF, minutes_past(30), THRESHOLD_S)
    assert not eased(minutes_past(2), minutes_past(0), THRESHOLD_S)


def test_who_never_arrives_is_not_later_by_a_number() -> None:
    assert arrival_of(EIGHT, float("inf")) == CUT_OFF
    assert later_s(minutes_past(0), CUT_OFF) is None
    assert later_s(minutes_past(0), minutes_past(3)) == 180


def test_relief_is_due_four_hours_after_the_crew_began() -> None:
    four_hours_s = 14_400.0
    just_before = relief_due(EIGHT, EIGHT + timedelta(hours=4, seconds=-1), four_hours_s)
    at_noon = relief_due(EIGHT, EIGHT + timedelta(hours=4), four_hours_s)
    assert just_before is not None
    assert at_noon is not None
    assert (just_before.due, at_noon.due) == (False, True)
    assert (at_noon.due_at, at_noon.hours) == (EIGHT + timedelta(hours=4), 4.0)


def test_relief_of_a_crew_that_nobody_logged_is_not_known() -> None:
    assert relief_due(None, EIGHT, 14_400.0) is None
