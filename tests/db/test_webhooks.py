"""Receivers and what they are owed, as the database keeps it; and posting to those up to mischief."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from data import deliveries, webhooks
from data.audit import changes_of
from data.database import Sessions, transaction
from data.incidents import NotFoundError
from data.models import Event
from data.posting import NotTakenError, post
from data.webhooks import NewWebhook, WebhookInactiveError

URL = "https://receiver.example/hook"
HELD_S = 600.0
OUR_WORD = "a secret of the fire brigade"


@pytest.fixture(autouse=True)
def nobody_registered(sessions: Sessions) -> None:
    """Begin each test without receivers."""
    with transaction(sessions) as session:
        session.execute(text("DELETE FROM webhook"))


def register(sessions: Sessions, *kinds: str) -> int:
    with transaction(sessions) as session:
        return webhooks.add(session, NewWebhook(url=URL, kinds=kinds))


def happen(sessions: Sessions, kind: str = "drill.held") -> int:
    with transaction(sessions) as session:
        event = Event(kind=kind, who="desk")
        session.add(event)
        session.flush()
        return event.id


def owed(sessions: Sessions, webhook_id: int) -> list[int]:
    with transaction(sessions) as session:
        page = webhooks.deliveries(session, webhook_id, 100, 0)
    return [row.event_id for row in page.rows if row.delivered_at is None]


def take(sessions: Sessions, webhook_id: int) -> deliveries.OwedEvent | None:
    with transaction(sessions) as session:
        return deliveries.take_next(session, webhook_id, HELD_S)


def test_a_receiver_is_owed_the_kinds_it_names_whole_or_by_their_first_word(sessions: Sessions) -> None:
    all_kinds, drills, alarms = (
        register(sessions),
        register(sessions, "drill"),
        register(sessions, "alarm.false"),
    )
    held, false, real = (happen(sessions, kind) for kind in ("drill.held", "alarm.false", "alarm.real"))
    assert owed(sessions, all_kinds) == [real, false, held]
    assert owed(sessions, drills) == [held]
    assert owed(sessions, alarms) == [false]


def test_nobody_else_takes_what_is_in_hand_nor_what_comes_behind_it(sessions: Sessions) -> None:
    webhook = register(sessions)
    first, second = happen(sessions), happen(sessions)
    in_hand = take(sessions, webhook)
    assert in_hand is not None
    assert (in_hand.event.id, in_hand.attempt) == (first, 1)
    assert take(sessions, webhook) is None
    with transaction(sessions) as session:
        assert deliveries.receivers_due(session) == []
        deliveries.note_delivered(session, in_hand)
    with transaction(sessions) as session:
        assert deliveries.receivers_due(session) == [webhook]
    after = take(sessions, webhook)
    assert after is not None
    assert after.event.id == second


def test_while_one_takes_an_event_another_passes_it_by_and_waits_for_nothing(sessions: Sessions) -> None:
    webhook = register(sessions)
    event = happen(sessions)
    with transaction(sessions) as session:
        taken = deliveries.take_next(session, webhook, HELD_S)
        assert taken is not None
        assert taken.event.id == event
        assert take(sessions, webhook) is None


def test_what_failed_waits_with_its_reason_and_an_old_attempt_does_not_disturb_a_later_one(
    sessions: Sessions,
) -> None:
    webhook = register(sessions)
    event = happen(sessions)
    first = take(sessions, webhook)
    assert first is not None
    with transaction(sessions) as session:
        deliveries.put_off(session, first, "answered 500", 0.0)
    second = take(sessions, webhook)
    assert second is not None
    assert (second.event.id, second.attempt) == (event, 2)
    with transaction(sessions) as session:
        deliveries.put_off(session, first, "a word from the past", 0.0)
    assert take(sessions, webhook) is None
    with transaction(sessions) as session:
        assert webhooks.deliveries(session, webhook, 1, 0).rows[0].last_error == "answered 500"


def test_a_ping_is_owed_to_one_receiver_alone_whatever_kinds_it_names(sessions: Sessions) -> None:
    curious, narrow = register(sessions), register(sessions, "drill")
    with transaction(sessions) as session:
        event = webhooks.ping(session, narrow, "desk")
    assert (owed(sessions, curious), owed(sessions, narrow)) == ([], [event])
    with transaction(sessions) as session:
        event = webhooks.ping(session, curious, "desk")
    assert owed(sessions, curious) == [event]


def test_a_receiver_that_is_left_alone_after_failures_is_tried_soon_where_somebody_asks(
    sessions: Sessions,
) -> None:
    webhook = register(sessions)
    happen(sessions)
    failed = take(sessions, webhook)
    assert failed is not None
    with transaction(sessions) as session:
        deliveries.put_off(session, failed, "answered 500", 300.0)
    with transaction(sessions) as session:
        deliveries.try_soon(session, webhook, 0.0)
    assert take(sessions, webhook) is not None


def test_a_deactivated_receiver_keeps_what_it_is_owed_and_is_sent_nothing(sessions: Sessions) -> None:
    webhook = register(sessions)
    event = happen(sessions)
    with transaction(sessions) as session:
        webhooks.deactivate(session, webhook)
    happen(sessions)
    assert owed(sessions, webhook) == [event]
    assert take(sessions, webhook) is None
    with transaction(sessions) as session:
        assert deliveries.receivers_due(session) == []
        with pytest.raises(WebhookInactiveError, match="register it again"):
            webhooks.ping(session, webhook, "desk")


def test_a_removed_receiver_is_owed_nothing_and_the_audit_never_knew_its_secret(sessions: Sessions) -> None:
    row = NewWebhook(url=URL, secret=OUR_WORD)
    with transaction(sessions) as session:
        webhook = webhooks.add(session, row)
    happen(sessions)
    with transaction(sessions) as session:
        webhooks.remove(session, webhook)
    with transaction(sessions) as session:
        told = changes_of(session, "webhook", webhook)
        assert [change.action for change in told] == ["insert", "delete"]
        assert OUR_WORD not in repr((told, row))
        with pytest.raises(NotFoundError, match=f"there is no webhook {webhook}"):
            webhooks.remove(session, webhook)


def test_a_secret_that_nobody_gives_is_32_random_bytes() -> None:
    first, second = (NewWebhook(url=URL).secret for _ in range(2))
    assert len(bytes.fromhex(first)) == 32
    assert first != second


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("url", "ftp://receiver.example/", "'http' or 'https'"),
        ("url", "file:///etc/passwd", "'http' or 'https'"),
        ("url", "receiver.example", "relative URL"),
        ("url", "http://", "empty host"),
        ("url", "http://receiver.example:99999/", "invalid port"),
        ("url", "https://desk:word@receiver.example/", "user or a password"),
        ("url", "https://receiver.example/#here", "fragment"),
        ("kinds", ["Assignment"], "match pattern"),
        ("kinds", ["assignment."], "match pattern"),
        ("secret", "too short", "at least 16"),
        ("secret", "sixteen or more\n", "printable ASCII"),
    ],
)
def test_what_cannot_be_a_receiver_is_refused(field: str, value: object, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        NewWebhook.model_validate({"url": URL, field: value})


@contextmanager
def one_who(behaves: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen for one caller and behave so to it."""
    ended = threading.Event()

    def receive() -> None:
        caller, _ = door.accept()
        with caller:
            behaves(caller)
            ended.wait()

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=receive, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        ended.set()
        thread.join()


def says(answer: bytes) -> Callable[[socket.socket], None]:
    def behave(caller: socket.socket) -> None:
        caller.recv(65536)
        caller.sendall(answer)

    return behave


def trickles(caller: socket.socket) -> None:
    """Answer a letter at a time, always in time for the next, and never come to an end."""
    try:
        while True:
            caller.sendall(b"H")
            threading.Event().wait(0.05)
    except OSError:
        return


def hangs_up(caller: socket.socket) -> None:
    caller.recv(65536)
    caller.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (lambda _: None, "no answer within 0.5 s"),
        (trickles, "no answer within 0.5 s"),
        (hangs_up, "it hung up without an answer"),
        (says(b"hello\r\n\r\n"), "does not speak HTTP as it should"),
        (says(b"HTTP/1.1 500 No\r\n\r\n"), "answered 500"),
        (
            says(b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nno\x00 \x1b[2Jgood"),
            r"answered 500: no \[2Jg",
        ),
        (
            says(b"HTTP/1.1 503 No\r\nContent-Length: 9999999999\r\n\r\n" + b"x" * 4000),
            "answered 503: x{200}$",
        ),
        (says(b"HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "redirects are not followed"),
    ],
)
def test_whoever_does_not_take_a_message_is_told_of_in_a_sentence(
    behaves: Callable[[socket.socket], None], reason: str
) -> None:
    with one_who(behaves) as url, pytest.raises(NotTakenError, match=reason):
        post(url, b"{}", {}, 0.5)


def test_an_answer_of_2xx_is_enough_whatever_body_it_promises() -> None:
    with one_who(says(b"HTTP/1.1 202 Ok\r\nContent-Length: 9999999999\r\n\r\n")) as url:
        post(url, b"{}", {}, 5.0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/", "it cannot be reached: Connection refused"),
        ("http://no-such-receiver.invalid/", "its name cannot be found"),
        (f"http://{'a' * 70}.example/", "does not speak HTTP as it should|its name cannot be found"),
    ],
)
def test_whoever_cannot_be_reached_is_told_of_in_a_sentence(url: str, reason: str) -> None:
    with pytest.raises(NotTakenError, match=reason):
        post(url, b"{}", {}, 30.0)


def test_one_who_speaks_no_tls_or_stops_in_its_middle_is_told_of_too() -> None:
    with one_who(says(b"hello\r\n\r\n")) as url, pytest.raises(NotTakenError, match="cannot be reached"):
        post(url.replace("http", "https"), b"{}", {}, 5.0)
    with one_who(trickles) as url, pytest.raises(NotTakenError):
        post(url.replace("http", "https"), b"{}", {}, 0.5)
    with one_who(lambda _: None) as url, pytest.raises(NotTakenError, match="no answer within"):
        post(url.replace("http", "https"), b"{}", {}, 0.5)
