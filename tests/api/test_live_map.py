"""The map of an incident at the moment it is asked for: who has come how far, and by which way."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update

from api.dispatching import Centre
from data.assignments import Claim, claim, step
from data.database import transaction
from data.models import AssignmentState, Unit, UnitPosition
from data.steps import Step
from tests.api.test_incidents import call
from tests.river_town import NORTH_STREET, QUAY, now

PUMP = 5
DESK = Step("duty desk", "radio")


@pytest.fixture
def incident(client: TestClient, centre: Centre) -> Iterator[int]:
    """Report an incident; forget afterwards where the pump was seen."""
    reported: int = client.post("/incidents", json=call(need="pumping=40")).json()["id"]
    yield reported
    with transaction(centre.sessions) as session:
        session.execute(delete(UnitPosition))
        session.execute(update(Unit).where(Unit.id == PUMP).values(position=None, position_at=None))


def page(client: TestClient, incident: int) -> str:
    response = client.get(f"/incidents/{incident}/map")
    assert response.status_code == 200
    return response.text


def claimed(centre: Centre, incident: int) -> int:
    with transaction(centre.sessions) as session:
        assignment = claim(session, Claim(incident, PUMP), DESK.who)
    assert assignment is not None
    return assignment


def go(centre: Centre, assignment: int, *states: str) -> None:
    for state in states:
        with transaction(centre.sessions) as session:
            step(session, assignment, state, DESK)


def test_the_map_follows_the_pump_from_its_claim_to_its_release(
    client: TestClient, centre: Centre, incident: int
) -> None:
    assert "Units by state" not in page(client, incident)
    assignment = claimed(centre, incident)
    assert "已预留</span> Reserved" in page(client, incident)
    assert "Trail of pump" not in page(client, incident)
    go(centre, assignment, "en-route")
    for place in (NORTH_STREET, QUAY):
        fix = {"lon": place.lon, "lat": place.lat, "at": now().isoformat()}
        assert client.post(f"/units/{PUMP}/positions", json=fix).json() == {"newest": True}
    on_the_way = page(client, incident)
    assert "途中</span> En route" in on_the_way
    assert "Reserved" not in on_the_way
    assert "Trail of pump" in on_the_way
    assert '"css":"state en-route"' in on_the_way
    go(centre, assignment, "on-scene", "returning", "released")
    assert "已归队</span> Released" in page(client, incident)
    assert "Trail of pump" in page(client, incident), "where it went stays to be seen"


def test_of_a_unit_that_refused_and_was_asked_again_the_last_word_is_shown(
    client: TestClient, centre: Centre, incident: int
) -> None:
    go(centre, claimed(centre, incident), AssignmentState.REFUSED)
    assert "谢绝</span> Refused" in page(client, incident)
    again = claimed(centre, incident)
    assert "已预留</span> Reserved" in page(client, incident)
    assert "Refused" not in page(client, incident)
    go(centre, again, AssignmentState.CANCELLED)
