import json

import pytest
from fastapi.testclient import TestClient

from tests.api.test_incidents import Json, call
from tests.river_town import QUAY

JSON = {"content-type": "application/json"}


def incidents(client: TestClient) -> int:
    matched: int = client.get("/incidents", params={"limit": 1}).json()["numberMatched"]
    return matched


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"lon": QUAY.lat, "lat": QUAY.lon}, "lat", "swapped?"),
        ({"lon": 181.0}, "lon", "outside -180..180"),
        ({"lat": -90.5}, "lat", "outside -90..90"),
        ({"kind": "picnic"}, "kind", "is not a kind of incident; known are chemical-leak"),
        ({"severity": 0}, "severity", "greater than or equal to 1"),
        ({"severity": 5}, "severity", "less than or equal to 4"),
        ({"reported_by": "  "}, "reported_by", "at least 1"),
        ({"reported_by": "a\x00b"}, "reported_by", "control characters"),
        ({"reported_at": "2026-01-01T00:00:00"}, "reported_at", "timezone"),
        ({"reported_at": "9999-12-31T23:59:59-12:00"}, "reported_at", "not between 1900 and 2199"),
        ({"reported_at": "0001-01-01T00:00:00+14:00"}, "reported_at", "not between 1900 and 2199"),
        ({"reported_at": "2126-01-01T00:00:00Z"}, "reported_at", "s in the future"),
        ({"need": "hazmat=-2"}, "need", "not a quantity above zero"),
        ({"need": "hazmat=nan"}, "need", "not a quantity above zero"),
        ({"need": "hazmat=two"}, "need", "is not a number"),
        ({"need": "hazmat"}, "need", "is not NAME=QUANTITY"),
        ({"need": "water=1e308"}, "need", "1e+308 of water is beyond what is ever sent: 0.001 to 1e+09"),
        ({"need": "rescue=1e-10"}, "need", "1e-10 of rescue is beyond what is ever sent"),
        ({"need": "hazmat@2=2.5"}, "need", "2.5 of hazmat is no whole number of crews"),
        ({"need": "engineering=1.5"}, "need", "1.5 of engineering is no whole number of crews"),
        ({"supply": "sorbent=1e300kg"}, "supply", "1e+300 of sorbent is beyond what is ever sent"),
        ({"need": "hazmat=1,hazmat=2"}, "need", "asked for twice"),
        ({"need": "juggling=2"}, "need", "is not a capability; known are command"),
        ({"supply": "sorbent=-500kg"}, "supply", "not a quantity above zero"),
        ({"supply": "sorbent=500blorp"}, "supply", "is not known; use kg"),
        ({"supply": "hazmat=5"}, "supply", "is a capability"),
        ({"supply": "\x00=5kg"}, "supply", "control characters"),
        ({"need": "\ud800=five"}, "need", "control characters"),
        ({"supply": "sorbent=500L"}, "supply", "cannot be compared with L; ask for it in kg, t, g"),
        ({"need": "hazmat@0=3"}, "need", "not a level above zero"),
        ({"need": "medical=4/10"}, "need", "or …/10min"),
        ({"below_minimum_by": " "}, "below_minimum_by", "at least 1"),
        ({"below_minimum_by": "a\x00b"}, "below_minimum_by", "control characters"),
        ({"hazard_source_id": 0}, "hazard_source_id", "greater than or equal to 1"),
        ({"hazard_source_id": 2**63}, "hazard_source_id", "less than or equal to"),
        ({"hazard_source_id": 999999}, "hazard_source_id", "there is no hazard source 999999"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused_by_field_and_reason(
    client: TestClient, changes: Json, field: str, reason: str
) -> None:
    before = incidents(client)
    body = json.dumps(call(**changes))
    response = client.post("/incidents", content=body, headers=JSON)
    assert response.status_code == 422
    problem = response.json()["detail"][0]
    assert problem["field"] == field
    assert reason in problem["reason"]
    assert incidents(client) == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_coordinates_that_are_no_numbers_are_refused(client: TestClient, number: str) -> None:
    body = json.dumps(call()).replace(str(QUAY.lon), number)
    response = client.post("/incidents", content=body, headers=JSON)
    assert response.status_code == 422
    assert response.json()["detail"][0]["field"] == "lon"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"fire"'])
def test_a_body_that_is_no_json_object_is_named_as_a_whole(client: TestClient, body: str) -> None:
    response = client.post("/incidents", content=body, headers=JSON)
    assert response.status_code == 422
    assert response.json()["detail"][0]["field"] == "body"


def test_json_sent_under_another_name_is_told_which_header_to_send(client: TestClient) -> None:
    response = client.post("/incidents", content=json.dumps(call()), headers={"content-type": "text/plain"})
    assert response.status_code == 422
    assert "content-type: application/json" in response.json()["detail"][0]["reason"]


def test_an_incident_far_from_every_road_has_no_recommendation_for_its_place(client: TestClient) -> None:
    report = client.post("/incidents", json=call(lon=0.0, lat=0.0)).json()
    assert "the nearest road in river is" in report["why_none"]
    response = client.post(f"/incidents/{report['id']}/recommendation")
    assert response.status_code == 422
    assert response.json()["detail"][0]["field"] == "place"


@pytest.mark.parametrize("number", [2**31, 2**63, 10**20, -(10**20)])
def test_numbers_no_row_can_have_are_refused_before_the_database(client: TestClient, number: int) -> None:
    for path, field in (
        (f"/incidents/1/recommendation?number={number}", "number"),
        (f"/incidents/{number << 32}/recommendation", "incident_id"),
        (f"/incidents/{number << 32}/map", "incident_id"),
        (f"/units?offset={number << 32}", "offset"),
    ):
        response = client.get(path)
        assert response.status_code == 422
        assert response.json()["detail"][0]["field"] == field


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/units", 405)])
def test_what_is_not_there_is_said_in_the_shape_of_every_error(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["detail"][0]["reason"]


def test_longitude_and_latitude_swapped_within_range_are_noticed_by_the_roads(client: TestClient) -> None:
    response = client.post("/incidents", json=call(lon=QUAY.lat, lat=QUAY.lon - 30))
    assert response.status_code == 201, "a place far from the roads that no swap explains is recorded"


@pytest.mark.parametrize(
    "bbox", ["1,2,3", "a,b,c,d", "114,31,115,30", "200,0,210,10", "nan,0,1,1", "0,0,1,1,2"]
)
def test_a_bounding_box_that_is_none_is_refused(client: TestClient, bbox: str) -> None:
    response = client.get("/units", params={"bbox": bbox})
    assert response.status_code == 422
    assert response.json()["detail"][0]["field"] == "bbox"


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "0"), ("limit", "1001"), ("offset", "-1"), ("limit", "x")]
)
def test_a_page_that_is_none_is_refused(client: TestClient, name: str, value: str) -> None:
    response = client.get("/units", params={name: value})
    assert response.status_code == 422
    assert response.json()["detail"][0]["field"] == name


@pytest.mark.parametrize("path", ["/incidents/999999/recommendation", "/incidents/999999/map"])
def test_an_unknown_incident_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["detail"][0]["reason"] == "there is no incident 999999"


def test_an_unknown_number_is_not_found(client: TestClient) -> None:
    home = client.post("/incidents", json=call()).json()["links"]["recommendation"]
    response = client.get(home, params={"number": 7})
    assert response.status_code == 404
    assert "has no recommendation number 7" in response.json()["detail"][0]["reason"]


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"need": "hazmat=0"}, "need", "not a quantity above zero"),
        ({"supply": "sorbent=500L"}, "supply", "cannot be compared with L; ask for it in kg, t, g"),
        ({"below_minimum_by": ""}, "below_minimum_by", "at least 1"),
        ({"hazard_source_id": 999999}, "hazard_source_id", "there is no hazard source 999999"),
    ],
)
def test_a_new_recommendation_that_cannot_be_made_is_refused_and_the_last_one_stays(
    client: TestClient, body: Json, field: str, reason: str
) -> None:
    home = client.post("/incidents", json=call()).json()["links"]["recommendation"]
    before = client.get(home).content
    response = client.post(home, json=body)
    assert response.status_code == 422
    problem = response.json()["detail"][0]
    assert problem["field"] == field
    assert reason in problem["reason"]
    assert client.get(home).content == before


def test_a_body_without_end_is_refused(client: TestClient) -> None:
    response = client.post("/incidents", content=b"{" + b" " * 1_000_001)
    assert response.status_code == 413
    assert response.json()["detail"][0]["reason"] == "the request is larger than 1,000,000 bytes"
