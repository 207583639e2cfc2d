"""What the clauses read from the log of a real incident."""

from data.database import transaction
from data.logged import LoggedIncident, logged_incidents
from tests.api.life import Desk
from tests.paper_life import T, at, live
from tests.river_town import QUAY


def read(desk: Desk) -> tuple[LoggedIncident, ...]:
    """Read the log."""
    with transaction(desk.town.centre.sessions) as session:
        return logged_incidents(session)


def test_the_log_tells_when_units_were_ordered_left_and_arrived(desk: Desk) -> None:
    live(desk.town)
    (told,) = read(desk)
    assert (told.reported_at, told.ordered_at, told.occurred_at) == (at(-60), T, None)
    assert [drive.progress.there_at for drive in told.drives] == [at(240), None, at(120), None]
    assert told.enterprise is None
    assert [(drive.profile, drive.crew) for drive in told.drives] == [("fire-engine", 6)] * 4


def test_the_time_of_the_accident_is_the_one_last_said(desk: Desk) -> None:
    life = live(desk.town)
    for seconds in (-600, -900):
        told = {"who": "works", "occurred_at": at(seconds).isoformat()}
        desk.post(f"/incidents/{life.incident}/facts", told)
    (only,) = read(desk)
    assert only.occurred_at == at(-900)


def test_an_exercise_is_not_on_the_log_of_real_incidents(desk: Desk) -> None:
    desk.town.report(None, synthetic=True)
    assert read(desk) == ()


def test_an_incident_at_a_hazard_source_is_that_of_its_enterprise(desk: Desk) -> None:
    site = desk.town.site("tank farm", QUAY, 1)
    desk.town.report(None, hazard_source_id=site)
    assert [incident.enterprise for incident in read(desk)] == ["works"]
