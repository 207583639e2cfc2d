"""Two fires in the town with two engines: the west one 260 s from the quay, the east one 1,080 s."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from data.database import Sessions
from tests.api.test_incidents import Json
from tests.river_town import EAST_STATION, QUAY, Posting, post, river_centre


@pytest.fixture(scope="module")
def client(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    post(
        sessions,
        Posting("west engine", "west", {"water": 5000}),
        Posting("east engine", "east", {"water": 5000}),
    )
    with TestClient(create_app(river_centre(sessions, tmp_path_factory.mktemp("var")))) as talking:
        yield talking


def reported(client: TestClient, severity: int, lon: float, lat: float) -> int:
    call = {"kind": "fire", "severity": severity, "lon": lon, "lat": lat, "reported_by": "desk"}
    number: int = client.post("/incidents", json=call | {"need": "water=5000"}).json()["id"]
    return number


def jointly(client: TestClient, *incidents: int, bound: dict[int, int] | None = None) -> list[Json]:
    body = {
        "incidents": list(incidents),
        "bound": [{"unit": unit, "incident": incident} for unit, incident in (bound or {}).items()],
    }
    said = client.post("/joint-recommendation", json=body)
    assert said.status_code == 200, said.text
    answered: list[Json] = said.json()["incidents"]
    return answered


def names(said: Json) -> list[str]:
    return [unit["name"] for unit in said["choice"]["units"]]


def test_the_more_severe_chooses_first_and_no_unit_goes_to_both(client: TestClient) -> None:
    lesser, graver = reported(client, 4, QUAY.lon, QUAY.lat), reported(client, 1, QUAY.lon, QUAY.lat)
    said = {one["incident"]: names(one) for one in jointly(client, lesser, graver)}
    assert said == {graver: ["west engine"], lesser: ["east engine"]}


def test_of_one_severity_both_are_served_as_well_as_together_they_can_be(client: TestClient) -> None:
    quay = reported(client, 3, QUAY.lon, QUAY.lat)
    east = reported(client, 3, EAST_STATION.lon, EAST_STATION.lat)
    said = {one["incident"]: names(one) for one in jointly(client, east, quay)}
    assert said == {quay: ["west engine"], east: ["east engine"]}


def test_what_taking_a_bound_unit_would_gain_is_said_and_not_done(client: TestClient) -> None:
    first, second = reported(client, 2, QUAY.lon, QUAY.lat), reported(client, 2, QUAY.lon, QUAY.lat)
    west = next(
        unit["id"]
        for unit in client.get(f"/incidents/{first}/recommendation").json()["units"]
        if unit["name"] == "west engine"
    )
    one, other = jointly(client, first, second, bound={west: first})
    assert "west engine" not in names(one) + names(other)
    left = next(said for said in (one, other) if not names(said))
    assert left["choice"]["met_at_s"] == {"water": None}
    gain = left["preempting"][0]
    assert (gain["name"], gain["bound_to"]) == ("west engine", first)
    assert gain["gains"][0]["en"] == "water: 5000 less missing"
    served = next(said for said in (one, other) if names(said))
    assert served["preempting"][0]["gains"][0]["en"] == "water: 820 s sooner"


@pytest.mark.parametrize(
    ("incidents", "bound", "status", "reason"),
    [
        ([1], [], 422, "name 2 to 20 incidents, each once"),
        ([1, 1], [], 422, "name 2 to 20 incidents, each once"),
        ([1, 10**9], [], 404, "there is no incident 1000000000"),
        ([1, 2], [{"unit": 10**9, "incident": 1}], 422, "there is no unit 1000000000"),
    ],
)
def test_what_cannot_be_chosen_for_is_said(
    client: TestClient, incidents: list[int], bound: list[Json], status: int, reason: str
) -> None:
    reported(client, 2, QUAY.lon, QUAY.lat), reported(client, 2, QUAY.lon, QUAY.lat)
    said = client.post("/joint-recommendation", json={"incidents": incidents, "bound": bound})
    assert said.status_code == status
    assert reason in said.json()["detail"][0]["reason"]
