"""A POST that names itself: sent again, it is answered the same and done once, wherever a crash fell."""

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from api.dispatching import report
from api.http.incidents import CallIn, kept_beside
from api.idempotent import Named, together
from api.stepping import step
from data.database import transaction
from data.models import Event, IdempotencyKey, Incident
from data.steps import Step
from tests.api.life import Desk
from tests.api.test_incidents import Json
from tests.decision_town import Crew, up_mill_road


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    repeated: bool


@pytest.fixture
def room(desk: Desk) -> Desk:
    """Write two engines."""
    desk.town.write(
        Crew("near", up_mill_road(1200), {"hazmat": 2}), Crew("middle", up_mill_road(2000), {"hazmat": 2})
    )
    return desk


def send(room: Desk, path: str, body: Json, key: str) -> Reply:
    response = room.client.post(path, json=body, headers={"Idempotency-Key": key})
    return Reply(response.status_code, response.text, "Idempotent-Replayed" in response.headers)


def count(room: Desk, table: type[Incident] | type[Event]) -> int:
    with transaction(room.town.centre.sessions) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def named(path: str, body: bytes, key: str) -> Named:
    return Named(key, f"POST {path}", hashlib.sha256(body).hexdigest())


def new_key() -> str:
    return str(uuid.uuid4())


def test_a_call_sent_again_is_one_incident_and_the_same_answer(room: Desk) -> None:
    key, call = new_key(), room.call("hazmat=2")
    first, second = send(room, "/incidents", call, key), send(room, "/incidents", call, key)
    assert (first.status, first.repeated, second.repeated) == (201, False, True)
    assert (second.status, second.text) == (first.status, first.text)
    assert count(room, Incident) == 1


def test_a_key_with_another_body_or_path_is_refused(room: Desk) -> None:
    key = new_key()
    send(room, "/incidents", room.call("hazmat=2"), key)
    for path, body in (("/incidents", room.call("hazmat=1")), ("/incidents/1/close", {"who": "Li"})):
        refused = send(room, path, body, key)
        assert refused.status == 409
        assert "named another request" in refused.text
    assert count(room, Incident) == 1


def test_without_a_key_two_calls_are_two(room: Desk) -> None:
    assert room.report("hazmat=2") != room.report("hazmat=2")


def test_each_step_of_a_life_sent_again_is_answered_the_same_and_done_once(room: Desk) -> None:
    incident = room.report("hazmat=2")
    path = f"/incidents/{incident}"
    done = send(room, f"{path}/dispatch", {"who": "Li", "order": True}, "dispatch-1")
    (near,) = json.loads(done.text)["claimed"]
    lived: list[tuple[str, Json]] = [
        (f"{path}/dispatch", {"who": "Li", "order": True}),
        (f"/assignments/{near['id']}/steps", {"who": "Li", "to": "on-scene"}),
        (f"/assignments/{near['id']}/steps", {"who": "Li", "to": "released"}),
        (f"{path}/recommendation", {}),
        (f"{path}/close", {"who": "Li"}),
        (f"{path}/reopen", {"who": "Li"}),
    ]
    first = [send(room, where, body, f"{where}-{i}") for i, (where, body) in enumerate(lived)]
    before = count(room, Event)
    again = [send(room, where, body, f"{where}-{i}") for i, (where, body) in enumerate(lived)]
    assert [(one.status, one.text) for one in again] == [(one.status, one.text) for one in first]
    assert {one.status for one in first} == {200, 201}
    assert all(one.repeated for one in again)
    assert count(room, Event) == before


def test_a_refusal_is_repeated_even_when_it_would_be_granted_by_now(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    key, body = new_key(), {"who": "Li"}
    refused = send(room, f"/incidents/{incident}/close", body, key)
    room.step(near["id"], "cancelled")
    assert send(room, f"/incidents/{incident}/close", body, key).text == refused.text
    assert send(room, f"/incidents/{incident}/close", body, new_key()).status == 200


def test_what_was_malformed_may_be_mended_under_the_same_key(room: Desk) -> None:
    key, incident = new_key(), room.report("hazmat=2")
    assert send(room, f"/incidents/{incident}/close", {"whom": "Li"}, key).status == 422
    assert send(room, f"/incidents/{incident}/close", {"who": "Li"}, key).status == 200


@pytest.mark.parametrize("key", [" ", "x" * 256])
def test_a_key_that_is_none_is_refused(room: Desk, key: str) -> None:
    refused = send(room, "/incidents", room.call("hazmat=2"), key)
    assert refused.status == 422
    assert json.loads(refused.text)["detail"][0]["field"] == "Idempotency-Key"
    assert count(room, Incident) == 0


def test_a_body_too_large_is_refused_as_without_a_key(room: Desk) -> None:
    response = room.client.post(
        "/incidents", content=b"{" + b" " * 1_000_001, headers={"Idempotency-Key": new_key()}
    )
    assert response.status_code == 413


def test_of_eight_that_press_at_once_one_call_is_recorded(room: Desk) -> None:
    key, call = new_key(), room.call("hazmat=2")
    with ThreadPoolExecutor(8) as desks:
        replies = list(desks.map(lambda _: send(room, "/incidents", call, key), range(8)))
    assert {one.status for one in replies} == {201}
    assert len({json.loads(one.text)["id"] for one in replies}) == 1
    assert count(room, Incident) == 1


def test_of_eight_that_press_the_same_step_at_once_it_is_done_once(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    path, body = f"/assignments/{near['id']}/steps", {"who": "Li", "to": "en-route"}
    with ThreadPoolExecutor(8) as desks:
        replies = list(desks.map(lambda _: send(room, path, body, "one"), range(8)))
    assert len({(one.status, one.text) for one in replies}) == 1
    assert room.kinds(incident).count("assignment.en-route") == 1


def test_a_crash_after_the_call_was_recorded_loses_nothing_and_doubles_nothing(room: Desk) -> None:
    body = json.dumps(room.call("hazmat=2")).encode()
    call = CallIn.model_validate_json(body)
    this = named("/incidents", body, "crashed")
    incident = report(call.call(), call.asked(), room.town.centre, kept_beside(this))
    headers = {"Idempotency-Key": "crashed", "content-type": "application/json"}
    again = room.client.post("/incidents", content=body, headers=headers)
    assert (again.status_code, again.json()["id"]) == (201, incident)
    assert "cut short" in again.json()["why_none"]
    assert room.client.post("/incidents", content=body, headers=headers).text == again.text
    assert count(room, Incident) == 1


def test_a_crash_before_the_commit_leaves_nothing_and_the_request_is_done_when_sent_again(room: Desk) -> None:
    (near,) = room.dispatch(room.report("hazmat=2"))["claimed"]
    path, body = f"/assignments/{near['id']}/steps", b'{"who":"Li","to":"en-route"}'
    with together(named(path, body, "crashed"), room.town.centre) as begun:
        assert step(near["id"], "en-route", Step("Li", "desk"), begun.centre).facts.state == "en-route"
    assert room.get(f"/assignments/{near['id']}")["state"] == "reserved"
    headers = {"Idempotency-Key": "crashed", "content-type": "application/json"}
    again = room.client.post(path, content=body, headers=headers)
    assert (again.status_code, again.json()["state"]) == (200, "en-route")


def test_every_post_that_writes_tells_of_the_header(room: Desk) -> None:
    paths = room.get("/openapi.json")["paths"]
    told = {
        path
        for path, operations in paths.items()
        if any(
            one.get("name") == "Idempotency-Key" for one in operations.get("post", {}).get("parameters", ())
        )
    }
    posts = {path for path, operations in paths.items() if "post" in operations}
    assert posts - told == {"/incidents/{incident_id}/what-if", "/joint-recommendation"}


def test_a_secret_is_kept_with_no_answer(room: Desk) -> None:
    key, asked = new_key(), {"url": "https://receiver.example", "who": "desk"}
    first, second = send(room, "/webhooks", asked, key), send(room, "/webhooks", asked, key)
    secret = json.loads(first.text)["secret"]
    assert second.repeated
    assert json.loads(second.text) == {**json.loads(first.text), "secret": "***"}
    with transaction(room.town.centre.sessions) as session:
        kept = session.scalars(select(IdempotencyKey.response)).all()
    assert not any(secret in (response or "") for response in kept)
