"""
Hear of new road conditions: one connection a process, on which the database says each new version.

It is a doorbell, never the door: whoever answers a request reads the version from the database. A bell that
rings late, or not at all, costs time and no truth.
"""

import threading
from collections import deque
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import URL, make_url

from data.conditions import CHANNEL

RETRY_S = 0.25
RING_TIMEOUT_S = 1.0
CONNECT_TIMEOUT_S = 5
VERSION = "SELECT version FROM road_conditions_version"


class ConditionsListener:
    """
    Keeps the newest version heard of and wakes those who wait for one.

    It asks for the version on every ring and at least every second, since rings are lost while it is not
    connected; after the database went away it connects again.

    >>> with ConditionsListener(engine.url) as listener:
    ...     listener.wait_beyond(41, timeout_s=30)
    """

    def __init__(self, url: URL | str) -> None:
        plain = make_url(url).set(drivername="postgresql")
        self._address = plain.render_as_string(hide_password=False)
        self._heard: int | None = None
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="road-conditions", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()

    @property
    def latest(self) -> int | None:
        """The newest version heard of; None before the first."""
        with self._changed:
            return self._heard

    def wait_beyond(self, version: int | None, timeout_s: float) -> int | None:
        """Wait until a version beyond this one is heard of and return it, or None where the time is over."""
        with self._changed:
            heard = self._changed.wait_for(
                lambda: self._ended.is_set() or self._is_beyond(version), timeout_s
            )
            return self._heard if heard and self._is_beyond(version) else None

    def _is_beyond(self, version: int | None) -> bool:
        return self._heard is not None and (version is None or self._heard > version)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                self._listen_on_one_connection()
            except psycopg.Error:
                self._ended.wait(RETRY_S)

    def _listen_on_one_connection(self) -> None:
        with psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._ended.is_set():
                self._hear(connection)
                deque(connection.notifies(timeout=RING_TIMEOUT_S, stop_after=1), maxlen=0)

    def _hear(self, connection: psycopg.Connection[tuple[int]]) -> None:
        row = connection.execute(VERSION).fetchone()
        if row is None:
            return
        with self._changed:
            self._heard = row[0]
            self._changed.notify_all()
