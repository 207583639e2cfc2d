"""Never sent twice, never lost: what holds while 32 processes write and anything is killed at any moment."""

import logging
from collections.abc import Iterator

import pytest

from data.cluster import ensure_running
from data.database import open_engine, sessions_on, transaction
from tests.storm.acknowledged import lost
from tests.storm.ground import Ground
from tests.storm.grounds import fresh_ground
from tests.storm.judge import faults, sent_twice
from tests.storm.ledger import Outcome
from tests.storm.naive import WITHOUT_GUARD
from tests.storm.storm import Plan, Storm, report
from tests.storm.weather import Target, Violence
from tests.storm.workers import Trade

log = logging.getLogger(__name__)
SEED = 20_260_701
STORM = Plan(4000, ((Trade.DESK, 26), (Trade.CALLER, 6)), Violence(8, 2, 1, 1))
WITHOUT_CONSTRAINT = Plan(1500, ((Trade.NAIVE, 32),), Violence(4, 0, 0, 0))
"""No blow falls on the database: a unit is sent twice by nothing but two desks."""


@pytest.fixture
def ground() -> Iterator[Ground]:
    with fresh_ground(SEED) as lent:
        yield lent


def test_no_unit_is_sent_twice_and_nothing_acknowledged_is_lost_whatever_is_killed(ground: Ground) -> None:
    seen = Storm(ground, STORM).rage()
    ensure_running(ground.settings.cluster_directory)
    engine = open_engine(ground.url)
    with transaction(sessions_on(engine)) as session:
        wrong = [*faults(session), *lost(session, seen.entries)]
    engine.dispose()
    log.info("seed %d: %s", SEED, report(seen))
    assert wrong == []
    assert seen.kinds(Outcome.UNEXPECTED) == {}
    assert seen.ended == []
    assert all(seen.killed(target) for target in Target)
    told = seen.kinds(Outcome.ACKNOWLEDGED)
    assert told["assignment.reserved"] + seen.count(Outcome.TAKEN) > 1000
    assert min(told[kind] for kind in ("reservation.used", "incident.closed", "incident.merged")) > 0


def test_without_the_index_desks_that_look_before_they_claim_send_units_twice(ground: Ground) -> None:
    engine = open_engine(ground.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(WITHOUT_GUARD)
    seen = Storm(ground, WITHOUT_CONSTRAINT).rage()
    with transaction(sessions_on(engine)) as session:
        twice = list(sent_twice(session))
    engine.dispose()
    log.info("seed %d: %s; %d times a unit sent twice", SEED, report(seen), len(twice))
    assert twice != []
