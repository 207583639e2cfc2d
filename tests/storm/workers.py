"""The processes of a storm: desks, callers and the service, each of which may be killed at any moment."""

import os
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from multiprocessing import parent_process
from typing import Protocol

from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import DBAPIError

from api.live_roads import open_live_roads
from api.opening import open_centre
from api.serving import serve
from data.database import DATABASE_LOST, open_engine, sessions_on
from data.samples.chance import Chance
from geo.errors import RescueError
from tests.storm.caller import Caller, ServiceLostError, UnexpectedAnswerError
from tests.storm.desk import Desk
from tests.storm.ground import ROADS, Ground
from tests.storm.ledger import SUFFIX, Entry, Ledger, Outcome
from tests.storm.naive import NaiveDesk

BREATH_S = 0.25
WORKER_DIED = 70


class Trade(StrEnum):
    """What a client is."""

    DESK = "desk"
    CALLER = "caller"
    NAIVE = "naive desk"


class Client(Protocol):
    """Whoever does one thing after the other."""

    def act(self, who: str) -> list[Entry]:
        """Do one thing and return what was said of it."""


@dataclass(frozen=True)
class Post:
    """A client's place: it is taken again by another life when a client is killed."""

    trade: Trade
    number: int

    def __str__(self) -> str:
        return f"{self.trade} {self.number}"


def run_client(ground: Ground, post: Post, life: int) -> None:
    """Act until it is calm, writing down whatever was said."""
    _end_with_the_storm()
    name = f"{post}, life {life}"
    with Ledger(ground.ledgers / f"{name}{SUFFIX}") as ledger:
        client = _client(ground, post, Chance(ground.seed, name))
        for deed in count(1):
            if ground.calm.exists():
                return
            ledger.write(*_done(client, f"{name}, deed {deed}"))


def run_service(ground: Ground) -> None:
    """Serve, as the command does; where one of its workers dies of an error, so does the service."""
    _end_with_the_storm()
    threading.excepthook = _die
    with open_centre(ground.settings) as centre:
        serve(centre, lambda: None)


def _end_with_the_storm() -> None:
    """End when whoever sent the storm is gone, however that was killed."""
    threading.Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    if storm := parent_process():
        storm.join()
        os._exit(WORKER_DIED)


def _die(told: threading.ExceptHookArgs) -> None:
    threading.__excepthook__(told)
    os._exit(WORKER_DIED)


def _client(ground: Ground, post: Post, chance: Chance) -> Client:
    if post.trade == Trade.CALLER:
        return Caller(ground.port, chance)
    roads = open_live_roads(ground.settings.roads_root, ROADS)
    centre = ground.centre(sessions_on(open_engine(ground.url)), roads)
    return Desk(centre, chance) if post.trade == Trade.DESK else NaiveDesk(centre, chance)


def _done(client: Client, who: str) -> list[Entry]:
    """Do one thing; what failed is written down too. Nobody knows whether what was lost was done."""
    try:
        return client.act(who)
    except (ServiceLostError, *DATABASE_LOST) as error:
        if isinstance(error, DBAPIError) and isinstance(error.orig, DeadlockDetected):
            return [Entry(Outcome.UNEXPECTED, str(error), 0, who)]
        time.sleep(BREATH_S)
        return [Entry(Outcome.LOST, type(error).__name__, 0, who)]
    except (UnexpectedAnswerError, DBAPIError) as error:
        return [Entry(Outcome.UNEXPECTED, str(error), 0, who)]
    except RescueError as error:
        return [Entry(Outcome.REFUSED, type(error).__name__, 0, who)]
