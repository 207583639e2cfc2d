"""
Deliver events to receivers of webhooks, from threads beside the service.

Whoever has events due is looked for once a second. Retries need such a clock anyway; the look costs one small
query; and a NOTIFY with every event would make all commits that write one queue behind each other. An event
leaves at most a second after its commit.

Each receiver has a thread of its own while an event is due, so the trouble of one delays no other. It is sent
one event at a time, in the order of their ids: while the first fails, the rest waits, without limit.
Events that were written at the same moment by different people may be committed in another order than that of
their ids; each is sent as soon as it is committed.

Delivery is *at least once*: an event whose answer was lost, or whose server was killed before it wrote that
down, is sent again, with the same id. However many servers run, an event is in the hands of one at a time.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from hmac import HMAC

from api.working import repeatedly
from data.database import DATABASE_LOST, Sessions, transaction
from data.deliveries import EventFacts, OwedEvent, note_delivered, put_off, receivers_due, take_next
from data.posting import NotTakenError, post

log = logging.getLogger(__name__)
_chance = secrets.SystemRandom()
MOST_DOUBLINGS = 30


@dataclass(frozen=True)
class Pace:
    """
    How fast things are tried.

    Attributes
    ----------
    look_every_s : float
        Between two looks for receivers that have events due.
    timeout_s : float
        For a receiver to answer.
    held_s : float
        How long an event is in the hands of one server, which must be longer than ``timeout_s``; after it, an
        event whose server was killed is due again.
    first_wait_s, longest_wait_s : float
        After the first failure, doubled with each more, up to the longest.
    """

    look_every_s: float = 1.0
    timeout_s: float = 5.0
    held_s: float = 15.0
    first_wait_s: float = 1.0
    longest_wait_s: float = 300.0

    def wait_s(self, attempt: int) -> float:
        """Return how long to wait after a failed attempt: by chance between half of it and the whole."""
        whole_s = min(self.longest_wait_s, self.first_wait_s * 2 ** min(attempt - 1, MOST_DOUBLINGS))
        return _chance.uniform(whole_s / 2, whole_s)


PACE = Pace()


def message(event: EventFacts) -> bytes:
    """Return what is sent of an event: JSON in UTF-8, the same at every attempt."""
    said = asdict(event) | {"at": event.at.isoformat(), "happened_at": event.happened_at.isoformat()}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of the timestamp, a full stop and the body, in hexadecimal."""
    return HMAC(secret.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()


def headers_of(owed: OwedEvent, body: bytes, now_s: float) -> dict[str, str]:
    """Return the headers a message is sent with at a moment."""
    timestamp = str(int(now_s))
    return {
        "Content-Type": "application/json",
        "User-Agent": "RescueGrid",
        "X-RescueGrid-Event": owed.event.kind,
        "X-RescueGrid-Timestamp": timestamp,
        "X-RescueGrid-Signature": signature(owed.secret, timestamp, body),
    }


@contextmanager
def kept_delivered(sessions: Sessions, pace: Pace = PACE) -> Iterator[None]:
    """Deliver from threads until the block ends; what is being said then is said to its end."""
    delivering = _Delivering(sessions, pace)
    try:
        with repeatedly(delivering.look, pace.look_every_s, "deliverer"):
            yield
    finally:
        delivering.end()


class _Delivering:
    """The receivers that this process is sending to, each from a thread."""

    def __init__(self, sessions: Sessions, pace: Pace) -> None:
        self._sessions = sessions
        self._pace = pace
        self._threads: dict[int, threading.Thread] = {}
        self._ended = threading.Event()

    def look(self) -> None:
        """Start a thread for each receiver that has an event due and none yet."""
        self._threads = {who: thread for who, thread in self._threads.items() if thread.is_alive()}
        with transaction(self._sessions) as session:
            due = receivers_due(session)
        for who in due:
            if who not in self._threads:
                thread = threading.Thread(target=self._serve, args=(who,), name=f"webhook-{who}", daemon=True)
                thread.start()
                self._threads[who] = thread

    def end(self) -> None:
        """Begin nothing more, and let receivers that are being spoken to answer in their time."""
        self._ended.set()
        for thread in self._threads.values():
            thread.join(self._pace.timeout_s)

    def _serve(self, webhook_id: int) -> None:
        """Send a receiver what is due, one event after the other."""
        try:
            while not self._ended.is_set() and self._deliver_next(webhook_id):
                pass
        except DATABASE_LOST:
            log.debug("webhook %d: the database is away", webhook_id)

    def _deliver_next(self, webhook_id: int) -> bool:
        """Send a receiver its first event, if due, and say whether to go on with the next."""
        with transaction(self._sessions) as session:
            owed = take_next(session, webhook_id, self._pace.held_s)
        if owed is None:
            return False
        try:
            self._send(owed)
        except NotTakenError as error:
            with transaction(self._sessions) as session:
                put_off(session, owed, str(error), self._pace.wait_s(owed.attempt))
            return False
        with transaction(self._sessions) as session:
            note_delivered(session, owed)
        return True

    def _send(self, owed: OwedEvent) -> None:
        body = message(owed.event)
        post(owed.url, body, headers_of(owed, body, time.time()), self._pace.timeout_s)
