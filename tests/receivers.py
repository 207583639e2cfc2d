"""A receiver of webhooks, as somebody who read the recipe would write it."""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 60
MOST_AGE_S = 300


@dataclass
class Receiver:
    """
    Keeps what it believed, and answers as told.

    ``answers`` are the statuses of its next answers; when they are used up it says 204. ``at_the_door``
    counts who is asking at this moment, by event; all are kept waiting while ``open_door`` is not set.
    """

    secret: str
    answers: deque[int] = field(default_factory=deque)
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    forged: int = 0
    held_at: int | None = None
    most_at_once: int = 0
    at_the_door: Counter[int] = field(default_factory=Counter)
    open_door: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.open_door.set()

    def answer(self, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer to a message."""
        if not self.is_genuine(headers, body):
            self.forged += 1
            return 401
        event = json.loads(body)
        assert headers["X-RescueGrid-Event"] == event["kind"]
        with self.changed:
            self.at_the_door[event["id"]] += 1
            self.most_at_once = max(self.most_at_once, self.at_the_door[event["id"]])
            self.asked.append(event["id"])
            if event["id"] == self.held_at:
                self.held_at = None
                self.open_door.clear()
            self.changed.notify_all()
        self.open_door.wait(PATIENCE_S)
        with self.changed:
            self.at_the_door[event["id"]] -= 1
            status = self.answers.popleft() if self.answers else 204
            if status == 204:
                self.taken.append(event)
            self.changed.notify_all()
        return status

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Verify a message by the recipe."""
        timestamp = headers["X-RescueGrid-Timestamp"]
        signed = timestamp.encode() + b"." + body
        expected = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        fresh = abs(time.time() - int(timestamp)) < MOST_AGE_S
        return fresh and hmac.compare_digest(expected, headers["X-RescueGrid-Signature"])

    def hold_at(self, event: int) -> None:
        """Close the door when next asked to take this event."""
        with self.changed:
            self.held_at = event

    def wait_taken(self, events: Sequence[int]) -> list[int]:
        """Wait until all these events are taken, and return what was, in order."""
        wanted = set(events)
        with self.changed:
            done = self.changed.wait_for(lambda: wanted <= {event["id"] for event in self.taken}, PATIENCE_S)
            taken = [event["id"] for event in self.taken]
        assert done, f"of {sorted(wanted)} only {taken} were taken"
        return taken

    def wait_count(self, count: int) -> None:
        """Wait until so many events are taken."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= count, PATIENCE_S)

    def wait_asked(self, event: int, times: int) -> None:
        """Wait until it was asked so many times to take an event."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.asked.count(event) >= times, PATIENCE_S)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of those who hung up."""


@contextmanager
def listening(receiver: Receiver, port: int = 0) -> Iterator[int]:
    """Let a receiver listen on a port, which is closed at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.answer(dict(self.headers), body)
            said = b"" if status == 204 else f"told to say {status}".encode()
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", self.path)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with _Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
