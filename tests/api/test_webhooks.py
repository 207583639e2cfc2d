"""Receivers of webhooks hear of every event, in order, whatever dies meanwhile; and how they are managed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from runpy import run_path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.cli import main
from api.delivering import PACE, Pace, headers_of, kept_delivered
from api.dispatching import Centre
from data import webhooks
from data.database import Sessions, transaction
from data.deliveries import EventFacts, OwedEvent
from data.models import Event
from data.webhooks import NewWebhook, WebhookFacts
from tests.api.test_incidents import call
from tests.receivers import Receiver, listening

MOMENT = datetime(2030, 5, 1, tzinfo=UTC)
OUR_WORD = "a word between the two of us"
QUICK = Pace(look_every_s=0.02, timeout_s=20.0, held_s=21.0, first_wait_s=0.02, longest_wait_s=0.1)
"""The product's, only faster."""
WORKER = """
import sys, threading
from api.delivering import Pace, kept_delivered
from data.database import open_engine, sessions_on
pace = Pace(look_every_s=0.02, timeout_s=1.0, held_s=1.5, first_wait_s=0.02, longest_wait_s=0.1)
with kept_delivered(sessions_on(open_engine(sys.argv[1])), pace):
    threading.Event().wait()
"""


@pytest.fixture(autouse=True)
def nobody_registered(sessions: Sessions) -> Iterator[None]:
    """Begin and end each test without receivers."""
    yield
    with transaction(sessions) as session:
        session.execute(text("DELETE FROM webhook"))


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(OUR_WORD)


def address(sessions: Sessions) -> str:
    url: str = sessions.kw["bind"].url.render_as_string(hide_password=False)
    return url


def register(sessions: Sessions, port: int, *kinds: str) -> int:
    row = NewWebhook(url=f"http://127.0.0.1:{port}/hook", kinds=kinds or ("drill",), secret=OUR_WORD)
    with transaction(sessions) as session:
        return webhooks.add(session, row)


def happen(sessions: Sessions, count: int) -> list[int]:
    written = []
    for number in range(count):
        with transaction(sessions) as session:
            event = Event(kind="drill.held", who="值班员", detail={"number": number, "note": "演练"})
            session.add(event)
            session.flush()
            written.append(event.id)
    return written


def last_error(sessions: Sessions, webhook: int, event: int) -> str | None:
    with transaction(sessions) as session:
        page = webhooks.deliveries(session, webhook, 1000, 0)
    return next(row.last_error for row in page.rows if row.event_id == event)


def facts(sessions: Sessions, webhook: int) -> WebhookFacts:
    with transaction(sessions) as session:
        return webhooks.facts(session, webhook)


@contextmanager
def worker(sessions: Sessions) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server's worker as a process, killed at the end if it still runs."""
    with subprocess.Popen([sys.executable, "-c", WORKER, address(sessions)]) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGKILL)


def test_a_message_says_all_of_an_event_and_is_genuine(sessions: Sessions, receiver: Receiver) -> None:
    with listening(receiver) as port, kept_delivered(sessions, QUICK):
        register(sessions, port)
        events = happen(sessions, 1)
        receiver.wait_taken(events)
    said = receiver.taken[0]
    assert receiver.forged == 0
    assert said["at"] == said["happened_at"]
    assert said | {"at": "", "happened_at": ""} == {
        "id": events[0],
        "kind": "drill.held",
        "at": "",
        "happened_at": "",
        "incident": None,
        "unit": None,
        "assignment": None,
        "who": "值班员",
        "source": "api",
        "detail": {"number": 0, "note": "演练"},
        "synthetic": False,
    }


def test_one_that_fails_three_times_goes_down_and_comes_back_hears_of_every_event_in_order(
    sessions: Sessions, receiver: Receiver
) -> None:
    receiver.answers.extend([500, 302, 404])
    with kept_delivered(sessions, QUICK):
        with listening(receiver) as port:
            webhook = register(sessions, port)
            before = happen(sessions, 3)
            assert receiver.wait_taken(before) == before
            assert receiver.asked[:4] == [before[0]] * 4
            assert last_error(sessions, webhook, before[0]) == "answered 404: told to say 404"
        meanwhile = happen(sessions, 3)
        until_refused(sessions, webhook, meanwhile[0])
        with listening(receiver, port):
            after = happen(sessions, 3)
            assert receiver.wait_taken(after) == before + meanwhile + after
    assert receiver.forged == 0
    assert facts(sessions, webhook).owed == 0


def until_refused(sessions: Sessions, webhook: int, event: int) -> None:
    for _ in range(3000):
        if "Connection refused" in (last_error(sessions, webhook, event) or ""):
            return
        time.sleep(0.02)
    raise AssertionError("nobody tried it while it was down")


def test_the_trouble_of_one_receiver_delays_no_other(sessions: Sessions, receiver: Receiver) -> None:
    silent, failing = Receiver(OUR_WORD), Receiver("another word than they sign with")
    silent.open_door.clear()
    with ExitStack() as doors:
        troubled = [
            register(sessions, doors.enter_context(listening(one))) for one in (silent, failing, silent)
        ]
        port = doors.enter_context(listening(receiver))
        register(sessions, port)
        doors.enter_context(kept_delivered(sessions, QUICK))
        events = happen(sessions, 20)
        assert receiver.wait_taken(events) == events
        assert [facts(sessions, webhook).owed for webhook in troubled] == [20, 20, 20]
        silent.open_door.set()
        silent.wait_taken(events)
    assert failing.forged > 0
    assert failing.taken == []


def test_none_is_lost_when_the_worker_is_killed_in_the_middle(sessions: Sessions, receiver: Receiver) -> None:
    with listening(receiver) as port:
        register(sessions, port)
        events = happen(sessions, 30)
        for in_the_middle in (events[0], events[10], events[20]):
            receiver.hold_at(in_the_middle)
            with worker(sessions) as running:
                receiver.wait_asked(in_the_middle, 1)
                running.kill()
                running.wait()
            receiver.open_door.set()
        with worker(sessions):
            taken = receiver.wait_taken(events)
    assert list(dict.fromkeys(taken)) == events
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(taken))
    assert receiver.forged == 0


def test_two_workers_never_deliver_one_event_twice_at_once(sessions: Sessions, receiver: Receiver) -> None:
    with listening(receiver) as port:
        register(sessions, port)
        with worker(sessions), worker(sessions):
            events = happen(sessions, 200)
            assert receiver.wait_taken(events) == events
    assert receiver.most_at_once == 1
    assert receiver.asked == events


def test_waits_double_up_to_five_minutes_and_are_never_all_the_same() -> None:
    for attempt, whole_s in ((1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (10**9, 300)):
        waits_s = {PACE.wait_s(attempt) for _ in range(100)}
        assert len(waits_s) > 1
        assert all(whole_s / 2 <= wait_s <= whole_s for wait_s in waits_s)
    assert PACE.held_s > PACE.timeout_s


def test_a_secret_is_shown_once_and_never_again(client: TestClient) -> None:
    asked = {"url": "https://receiver.example", "kinds": ["assignment", "assignment"], "who": "desk"}
    said = client.post("/webhooks", json=asked)
    assert said.status_code == 201
    assert said.headers["location"] == said.json()["links"]["self"]
    assert said.headers["cache-control"] == "no-store"
    secret = said.json()["secret"]
    assert len(bytes.fromhex(secret)) == 32
    home = said.headers["location"]
    client.post(f"{home}/test?who=desk")
    told = [client.get(path) for path in ("/webhooks", home, f"{home}/deliveries")]
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert not any(secret in answer.text or "secret" in answer.text for answer in told)
    listed = told[0].json()
    assert (listed["numberMatched"], listed["webhooks"][0]["url"]) == (1, "https://receiver.example/")
    assert listed["webhooks"][0]["kinds"] == ["assignment"]
    assert listed["webhooks"][0]["owed"] == 1


def test_a_ping_goes_all_the_way(client: TestClient, centre: Centre, receiver: Receiver) -> None:
    with listening(receiver) as port, kept_delivered(centre.sessions, QUICK):
        asked = {"url": f"http://127.0.0.1:{port}/", "kinds": ["incident"], "secret": OUR_WORD, "who": "desk"}
        home = client.post("/webhooks", json=asked).headers["location"]
        ping = client.post(f"{home}/test", params={"who": "desk"})
        assert ping.status_code == 202
        receiver.wait_taken([ping.json()["event_id"]])
        deliveries_said = client.get(ping.json()["links"]["deliveries"]).json()["deliveries"]
    assert [(row["kind"], row["attempts"]) for row in deliveries_said] == [("webhook.ping", 1)]
    assert receiver.taken[0]["detail"] == {"webhook": int(home.rsplit("/", 1)[1])}
    assert receiver.taken[0]["synthetic"] is True


def test_a_call_is_heard_of_with_its_incident(client: TestClient, centre: Centre, receiver: Receiver) -> None:
    with listening(receiver) as port, kept_delivered(centre.sessions, QUICK):
        register(centre.sessions, port, "incident.reported")
        incident = client.post("/incidents", json=call()).json()["id"]
        receiver.wait_count(1)
    said = receiver.taken[0]
    assert (said["kind"], said["incident"], said["who"]) == ("incident.reported", incident, "duty desk")


@pytest.mark.parametrize("url", ["ftp://receiver.example/", "https://a:b@receiver.example/", "nowhere", ""])
def test_an_address_that_cannot_be_posted_to_is_refused(client: TestClient, url: str) -> None:
    said = client.post("/webhooks", json={"url": url, "who": "desk"})
    assert said.status_code == 422
    assert said.json()["detail"][0]["field"] == "url"


def test_a_deactivated_receiver_is_not_tried_and_a_removed_one_is_not_found(client: TestClient) -> None:
    asked = {"url": "https://receiver.example", "who": "desk"}
    home = client.post("/webhooks", json=asked).headers["location"]
    for _ in range(2):
        said = client.post(f"{home}/deactivate?who=desk")
        assert (said.status_code, said.json()["active"]) == (200, False)
    refused = client.post(f"{home}/test?who=desk")
    assert refused.status_code == 409
    assert "register it again" in refused.json()["detail"][0]["reason"]
    assert client.delete(f"{home}?who=desk").status_code == 204
    for gone in (client.get(home), client.delete(f"{home}?who=desk"), client.post(f"{home}/test?who=desk")):
        assert gone.status_code == 404


def test_the_recipe_in_the_description_verifies_and_tells_a_forgery(
    client: TestClient, tmp_path: Path
) -> None:
    told = client.get("/openapi.json").json()["paths"]["/webhooks"]["post"]["description"]
    recipe = tmp_path / "recipe.py"
    recipe.write_text(told.split("```python")[1].split("```")[0])
    is_genuine = run_path(str(recipe))["is_genuine"]
    body = '{"who":"值班员"}'.encode()
    event = EventFacts(
        1, "drill.held", MOMENT, MOMENT, None, None, None, "值班员", "api", {}, synthetic=False
    )
    owed = OwedEvent(1, 1, "", OUR_WORD, event)
    headers = headers_of(owed, body, time.time())
    assert is_genuine(OUR_WORD, headers, body)
    assert not is_genuine(OUR_WORD, headers, body + b" ")
    assert not is_genuine(OUR_WORD + " ", headers, body)
    assert not is_genuine(OUR_WORD, headers_of(owed, body, time.time() - 3600), body)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_terminal_registers_lists_tries_deactivates_and_deletes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address(centre.sessions))
    monkeypatch.setenv("COLUMNS", "200")
    url = "https://receiver.example/x"
    assert run("webhooks", "add", url, "--kinds", "drill,alarm", "--who", "desk") == 0
    added, secret = capsys.readouterr().out.splitlines()
    number, _, told = added.partition(": ")
    assert told == f"{url} hears of drill, alarm"
    assert len(bytes.fromhex(secret.removeprefix("secret (shown this once): "))) == 32
    assert run("webhooks", "test", number, "--who", "desk") == 0
    event = capsys.readouterr().out.split()[1]
    assert run("webhooks", "deliveries", number) == 0
    assert event in capsys.readouterr().out
    assert run("webhooks", "list", "--json") == 0
    assert [(row["id"], row["owed"]) for row in json.loads(capsys.readouterr().out)] == [(int(number), 1)]
    assert run("webhooks", "deactivate", number, "--who", "desk") == 0
    assert "1 events stay owed" in capsys.readouterr().out
    assert run("webhooks", "delete", number, "--who", "desk") == 0
    assert run("webhooks", "delete", number, "--who", "desk") == 2
    assert f"there is no webhook {number}" in capsys.readouterr().err
    assert run("webhooks", "add", "gopher://receiver.example", "--who", "desk") == 2
    assert "'http' or 'https'" in capsys.readouterr().err
