"""Keep the roads warm: when conditions change, make the new situation ready before anybody asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from api.dispatching import Centre
from data.database import DATABASE_LOST, transaction
from data.listening import ConditionsListener
from data.models import VehicleProfile
from routing.profiles import SUPPLY_TRUCK

LOOK_EVERY_S = 1.0
PROFILES = (*(profile.value for profile in VehicleProfile), SUPPLY_TRUCK)


@contextmanager
def kept_warm(centre: Centre) -> Iterator[None]:
    """Listen for changes of road conditions from a thread: answers need it for speed, never for truth."""
    done = threading.Event()
    with ConditionsListener(_engine(centre).url) as listener:
        warmer = threading.Thread(target=_warm, args=(centre, listener, done), name="warmer", daemon=True)
        warmer.start()
        try:
            yield
        finally:
            done.set()
            warmer.join()


def _warm(centre: Centre, listener: ConditionsListener, done: threading.Event) -> None:
    version: int | None = None
    while not done.is_set():
        heard = listener.wait_beyond(version, LOOK_EVERY_S)
        if heard is None:
            continue
        try:
            with transaction(centre.sessions) as session:
                situation = centre.situations.now(session)
        except DATABASE_LOST:
            continue
        for profile in PROFILES:
            situation.router(profile)
        version = situation.version


def _engine(centre: Centre) -> Engine:
    engine: Engine = centre.sessions.kw["bind"]
    return engine
