"""What decisions rest on is seen and written over HTTP, all of it or nothing."""

import pytest
from fastapi.testclient import TestClient

from tests.api.test_incidents import Json, by_name, call
from tests.river_town import QUAY

KINDS = {
    "PlanIn": "/plans",
    "StandardIn": "/standards",
    "AuthorityIn": "/authorities",
    "AgreementIn": "/agreements",
}
SORBENT = {"item": "sorbent", "quantity": 500, "unit_of_measure": "kg"}
HAZMAT = {"capability": "hazmat", "quantity": 2}


def plan(name: str, **changes: object) -> Json:
    return {
        "name": name,
        "incident_kind": "flood",
        "lead_department": "Water Bureau",
        "order_text": "Go to {place}.",
        "needs": [HAZMAT],
    } | changes


def agreement(number: str, **changes: object) -> Json:
    terms = {"mobilise_within_s": 60, "valid_from": "2026-01-01"}
    return {"authority": "the brigade", "number": number} | terms | changes


def matched(client: TestClient, path: str) -> int:
    number: int = client.get(path, params={"limit": 1}).json()["numberMatched"]
    return number


def refused(client: TestClient, path: str, body: object) -> tuple[str, str]:
    """Send what is refused, and return the field and the reason."""
    response = client.post(path, json=body)
    assert response.status_code == 422
    problem = response.json()["detail"][0]
    return problem["field"], problem["reason"]


@pytest.fixture(scope="module")
def brigade(client: TestClient) -> None:
    row = {"name": "the brigade", "approver": "its duty office", "approval_s": 60}
    assert client.post("/authorities", json=row).status_code == 201


def test_every_example_of_the_documentation_is_taken_and_then_listed(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name, path in KINDS.items():
        before = matched(client, path)
        [example] = schemas[name]["examples"]
        response = client.post(path, json=example)
        assert (response.status_code, len(response.json()["written"])) == (201, 1), response.text
        rows = client.get(path, params={"limit": 1000}).json()["rows"]
        assert len(rows) == before + 1
        assert any(example.items() <= row.items() for row in rows) or name == "PlanIn"


def test_the_documentation_takes_one_row_or_a_list(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for name, path in KINDS.items():
        schema = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        one = {"$ref": f"#/components/schemas/{name}"}
        assert schema["anyOf"] == [one, {"type": "array", "items": one}]


def test_a_plan_is_read_as_it_was_written_and_can_be_written_on_as_it_is_read(client: TestClient) -> None:
    lon, lat = QUAY.lon, QUAY.lat
    ring = [[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
    said = plan(
        "quay",
        severity=1,
        grade=2,
        substance="Acid",
        needs=[HAZMAT | {"level": 2, "deadline_s": 900}, {"capability": "medical", "quantity": 4}],
        supplies=[SORBENT],
        contacts=[
            {"role": "gate", "name": "Li", "phone": "1", "area": {"type": "Polygon", "coordinates": [ring]}}
        ],
        standards=["mine-rescue-drive"],
    )
    assert client.post("/plans", json=said).json()["written"] == ["quay"]
    [row] = [row for row in client.get("/plans?limit=1000").json()["rows"] if row["name"] == "quay"]
    assert client.get(f"/plans/{row['id']}").json() == row
    assert (row["substance"], row["needs"][0]["level"], row["supplies"][0]["deadline_s"]) == ("acid", 2, None)
    assert row["contacts"][0]["area"]["coordinates"] == [ring]
    assert row["standards"] == ["mine-rescue-drive"]
    del row["id"]
    assert client.post("/plans", json=row | {"name": "quay 3", "grade": 3}).status_code == 201


def test_a_plan_that_is_not_there_is_not_found(client: TestClient) -> None:
    response = client.get("/plans/999999")
    assert response.status_code == 404
    assert response.json()["detail"][0]["reason"] == "there is no response plan 999999"


def test_pages_of_rows_follow_each_other_to_the_end(client: TestClient) -> None:
    url, seen = "/standards?limit=3", list[str]()
    while url:
        page = client.get(url).json()
        seen += [row["code"] for row in page["rows"]]
        assert page["numberReturned"] == len(page["rows"])
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(seen) == page["numberMatched"]
    assert seen == sorted(set(seen))
    assert page["links"][0]["type"] == "application/json"


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"needs": [HAZMAT | {"quantity": 0}]}, "1.needs.0.quantity", "greater than 0"),
        ({"needs": [HAZMAT | {"quantity": -2}]}, "1.needs.0.quantity", "greater than 0"),
        ({"needs": [HAZMAT | {"level": -1}]}, "1.needs.0.level", "greater than or equal to 0"),
        ({"needs": [HAZMAT | {"deadline_s": 0}]}, "1.needs.0.deadline_s", "greater than 0"),
        ({"needs": [HAZMAT, HAZMAT | {"quantity": 3}]}, "1", "needs of plan 'bad': 'hazmat' is wanted twice"),
        ({"needs": []}, "1.needs", "at least 1 item"),
        ({"needs": [{"capability": "juggling", "quantity": 1}]}, "capability of plan 'bad'", "'juggling'"),
        ({"supplies": [SORBENT | {"quantity": 0}]}, "1.supplies.0.quantity", "greater than 0"),
        ({"supplies": [SORBENT | {"quantity": -5}]}, "1.supplies.0.quantity", "greater than 0"),
        ({"supplies": [SORBENT | {"unit_of_measure": "blorp"}]}, "1.supplies.0.unit_of_measure", "use kg, t"),
        (
            {"supplies": [SORBENT, SORBENT | {"unit_of_measure": "L"}]},
            "1",
            "supplies of plan 'bad': 'sorbent' is counted in kg and in L, which cannot be compared",
        ),
        ({"supplies": [SORBENT | {"item": "hazmat"}]}, "supply of plan 'bad'", "is a capability"),
        ({"standards": ["ten-minutes"]}, "standard of plan 'bad'", "'ten-minutes'"),
        ({"incident_kind": "picnic"}, "incident_kind", "'picnic' (number 2) is not in the registry"),
        ({"severity": 5}, "1.severity", "less than or equal to 4"),
        ({"order_text": "Go to {street}."}, "1.order_text", "{street} cannot be filled in"),
        ({"contacts": [{"role": "a", "name": "b", "area": "here"}]}, "1.contacts.0.area", "not a GeoJSON"),
        ({"colour": "red"}, "1.colour", "not permitted"),
        ({"name": "good"}, "name", "'good' (row 2) is already in the registry"),
        ({"grade": 4}, "plan", "'good' and 'bad' contradict each other: both are for flood"),
        ({"severity": 1, "grade": None}, "plan", "'flood severity 1 (default)' and 'bad' contradict"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_row_field_and_reason_and_its_good_neighbour_waits(
    client: TestClient, changes: Json, field: str, reason: str
) -> None:
    before = matched(client, "/plans")
    bad = plan("bad", severity=None, grade=1) | changes
    where, why = refused(client, "/plans", [plan("good", grade=4), bad])
    assert where == field
    assert reason in why
    assert matched(client, "/plans") == before


@pytest.mark.parametrize(("body", "field"), [([], "body"), ("flood", "0"), ([7], "0")])
def test_what_is_no_plan_at_all_is_refused(client: TestClient, body: object, field: str) -> None:
    assert refused(client, "/plans", body)[0] == field


@pytest.mark.usefixtures("brigade")
@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"valid_until": "2025-12-31"}, "1", "'bad' ends on 2025-12-31, before it begins on 2026-01-01"),
        ({"mobilise_within_s": -1}, "1.mobilise_within_s", "greater than or equal to 0"),
        ({"call_out_cost_yuan": -1}, "1.call_out_cost_yuan", "greater than or equal to 0"),
        ({"authority": "circus"}, "authority", "'circus' (number 2) is not in the registry"),
        ({"capability": "juggling"}, "capability", "'juggling' (number 2) is not in the registry"),
        ({"incident_kind": "flood"}, "agreement", "'good' and 'bad' are about the same: the brigade, flood"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_and_nothing_is_half_written(
    client: TestClient, changes: Json, field: str, reason: str
) -> None:
    before = matched(client, "/agreements")
    body = [agreement("good", incident_kind="flood"), agreement("bad") | changes]
    where, why = refused(client, "/agreements", body)
    assert where == field
    assert reason in why
    assert matched(client, "/agreements") == before


@pytest.mark.usefixtures("brigade")
def test_an_authority_and_a_standard_are_written_once(client: TestClient) -> None:
    twin = {"name": "the brigade", "approver": "another office", "approval_s": 0}
    assert refused(client, "/authorities", twin) == (
        "name",
        "'the brigade' (row 1) is already in the registry",
    )
    [first, *_] = client.get("/standards").json()["rows"]
    assert refused(client, "/standards", first)[0] == "code"
    level = first | {"code": "new", "capability": None, "capability_level": 2}
    assert "level of no capability" in refused(client, "/standards", level)[1]


def test_a_plan_in_a_unit_no_depot_counts_in_is_answered_with_a_note(client: TestClient) -> None:
    litres = [
        SORBENT | {"unit_of_measure": "L"},
        {"item": "sandbag", "quantity": 9, "unit_of_measure": "bag"},
    ]
    assert client.post("/plans", json=plan("litres", severity=4, grade=4, supplies=litres)).status_code == 201
    source = client.get("/hazard-sources", params={"limit": 1}).json()["features"]
    assert source == []
    assert client.post("/plans", json=plan("wet", substance="brine", supplies=litres)).status_code == 201
    leak = call(kind="flood", substance="brine", need=None, supply=None)
    home = client.post("/incidents", json=leak).json()["links"]["recommendation"]
    said = client.get(home).json()
    assert said["plan"]["name"] == "wet"
    note = "sorbent is wanted in L: what depots count in kg, t cannot be compared with that and is left out"
    assert [words for words in said["notes"] if words.startswith("sorbent")] == [note]
    assert said["shortfall"]["sorbent"] == 500
    assert by_name(said["requirements"])["sandbag"]["reason"] == "9 bag needed, 0 bag can come by road"
    assert said["units"], "who is needed is said all the same"


def test_the_audit_tells_who_wrote_a_rule(client: TestClient) -> None:
    said = {"name": "harbour office", "approver": "duty officer", "phone": "110", "approval_s": 60}
    assert client.post("/authorities?who=planning%20desk", json=said).status_code == 201
    (number,) = [
        row["id"]
        for row in client.get("/authorities?limit=1000").json()["rows"]
        if row["name"] == said["name"]
    ]
    (change,) = client.get(f"/audit?table=authority&row={number}").json()
    assert (change["action"], change["who"], change["source"]) == ("insert", "planning desk", "api")
