"""Supplies set aside and settled: oldest first, never more than there is, adding up to the last litre."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from data import reservations
from data.cluster import Cluster
from data.database import Sessions, transaction
from data.incident_states import IncidentOverError, close
from data.incidents import NotFoundError
from data.models import Stock
from data.reservations import ReservationFacts, SupplyClaim
from data.steps import TransitionError
from geo.errors import InvalidInputError
from tests.db.duty import DESK, TODAY, call, claimed, duty_room, run, said_of

NEW, OLD, SOON = 1, 2, 4
RACERS = 8
INSERT = (
    "INSERT INTO reservation (incident_id, stock_id, quantity, state_by) "
    "VALUES ({incident}, {stock}, {quantity}, 'somebody')"
)
SUMS = text(
    "SELECT stock.reserved - coalesce(sum(reservation.quantity::text::numeric), 0)::float8 "
    "FROM stock LEFT JOIN reservation "
    "ON stock_id = stock.id AND reservation.state IN ('reserved', 'issued') GROUP BY stock.id"
)


@pytest.fixture
def room(migrated: Cluster) -> Iterator[Sessions]:
    with duty_room(migrated) as sessions:
        yield sessions


def foam(incident_id: int, quantity: float) -> SupplyClaim:
    return SupplyClaim(incident_id, 1, "foam", quantity, "L", TODAY)


def reserve(sessions: Sessions, wanted: SupplyClaim) -> list[ReservationFacts] | None:
    with transaction(sessions) as session:
        made = reservations.reserve(session, wanted, DESK.who, DESK.source)
        return None if made is None else [reservations.facts(session, one) for one in made]


def settle(sessions: Sessions, reservation_id: int, used: float) -> ReservationFacts:
    with transaction(sessions) as session:
        return reservations.settle(session, reservation_id, used, DESK)


def shelf(sessions: Sessions, stock_id: int) -> tuple[float, float]:
    """Return what is on the shelf of a batch and how much of it is spoken for."""
    with transaction(sessions) as session:
        row = session.execute(select(Stock.quantity, Stock.reserved).where(Stock.id == stock_id)).one()
        assert set(session.scalars(SUMS)) == {0.0}
        return row[0], row[1]


def test_the_batch_that_expires_first_goes_first_and_what_is_past_its_date_stays(room: Sessions) -> None:
    made = reserve(room, foam(call(room), 60))
    assert made is not None
    assert sorted((one.batch, one.quantity) for one in made) == [("new", 10.0), ("old", 50.0)]
    assert (shelf(room, OLD), shelf(room, NEW)) == ((50.0, 50.0), (100.0, 10.0))


def test_the_minimum_stays_unless_somebody_says_so(room: Sessions) -> None:
    incident = call(room)
    assert reserve(room, foam(incident, 130.5)) is None
    approved = reserve(room, replace(foam(incident, 150), approved_by="director Wang"))
    assert approved is not None
    assert {one.approved_by for one in approved} == {"director Wang"}
    assert (shelf(room, OLD), shelf(room, NEW)) == ((50.0, 50.0), (100.0, 100.0))
    assert reserve(room, replace(foam(incident, 1), approved_by="director Wang")) is None


def test_what_comes_in_an_hour_is_set_aside_by_itself(room: Sessions) -> None:
    made = reserve(room, replace(foam(call(room), 30), available_after_s=3600))
    assert made is not None
    assert [(one.stock_id, one.quantity) for one in made] == [(SOON, 30.0)]


def test_a_depot_that_counts_in_litres_is_asked_for_cubic_metres_but_never_for_tonnes(room: Sessions) -> None:
    incident = call(room)
    made = reserve(room, replace(foam(incident, 0.02), unit_of_measure="m3"))
    assert made is not None
    assert [(one.quantity, one.unit_of_measure) for one in made] == [(20.0, "L")]
    assert reserve(room, replace(foam(incident, 0.02), unit_of_measure="t")) is None
    with pytest.raises(InvalidInputError, match="not a quantity above zero"):
        reserve(room, foam(incident, 0))


def test_what_was_used_comes_off_the_stock_and_the_rest_is_free_again(room: Sessions) -> None:
    incident = call(room)
    carrier = claimed(room, incident, 1)
    made = reserve(room, replace(foam(incident, 40), assignment_id=carrier))
    assert made is not None
    with transaction(room) as session:
        issued = reservations.step(session, made[0].id, "issued", DESK)
        assert [one.id for one in reservations.open_of(session, incident)] == [made[0].id]
    assert (issued.state, issued.assignment_id, shelf(room, OLD)) == ("issued", carrier, (50.0, 40.0))
    done = settle(room, made[0].id, used=25)
    assert (done.state, done.used_quantity, shelf(room, OLD)) == ("used", 25.0, (25.0, 0.0))
    with transaction(room) as session:
        assert reservations.open_of(session, incident) == ()
        assert reservations.of_incident(session, incident) == (done,)
    assert said_of(room, incident)[-3:] == ["reservation.reserved", "reservation.issued", "reservation.used"]


def test_what_comes_back_whole_or_is_called_off_leaves_the_stock_as_it_was(room: Sessions) -> None:
    incident = call(room)
    back, off = reserve(room, foam(incident, 10)), reserve(room, foam(incident, 10))
    assert back is not None
    assert off is not None
    assert settle(room, back[0].id, used=0).state == "returned"
    with transaction(room) as session:
        assert reservations.step(session, off[0].id, "cancelled", DESK).closed_at is not None
    assert shelf(room, OLD) == (50.0, 0.0)


def test_tenths_add_up_to_the_last_drop(room: Sessions) -> None:
    run(room, "UPDATE stock SET quantity = 0.3, minimum = 0 WHERE id = :id", id=OLD)
    incident = call(room)
    made = [reserve(room, foam(incident, 0.1)) for _ in range(3)]
    assert shelf(room, OLD) == (0.3, 0.3)
    for one in made:
        assert one is not None
        settle(room, one[0].id, used=0.1)
    assert shelf(room, OLD) == (0.0, 0.0)


def test_a_settled_reservation_stays_as_it_is_and_nothing_comes_from_nowhere(room: Sessions) -> None:
    made = reserve(room, foam(call(room), 10))
    assert made is not None
    with pytest.raises(InvalidInputError, match="not between 0 and the 10"):
        settle(room, made[0].id, used=11)
    with pytest.raises(InvalidInputError, match="settle the reservation"), transaction(room) as session:
        reservations.step(session, made[0].id, "used", DESK)
    with pytest.raises(InvalidInputError, match="known are reserved"), transaction(room) as session:
        reservations.step(session, made[0].id, "lost", DESK)
    settle(room, made[0].id, used=10)
    with pytest.raises(TransitionError, match="is used and cannot become returned"):
        settle(room, made[0].id, used=0)
    with pytest.raises(NotFoundError, match="no reservation 99"):
        settle(room, 99, used=0)


def test_nothing_is_set_aside_for_an_incident_that_is_over(room: Sessions) -> None:
    incident = call(room)
    with transaction(room) as session:
        close(session, incident, DESK)
    with pytest.raises(IncidentOverError):
        reserve(room, foam(incident, 1))
    with pytest.raises(DBAPIError, match="is over"):
        run(room, INSERT.format(incident=incident, stock=NEW, quantity=1))


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (INSERT.format(incident=1, stock=NEW, quantity=100.5), "reserved_within_quantity"),
        (INSERT.format(incident=1, stock=NEW, quantity=0), "quantity_positive"),
        ("UPDATE stock SET quantity = 5 WHERE id = 2", "reserved_within_quantity"),
        ("UPDATE reservation SET quantity = 1", "keeps its incident, its stock and its quantity"),
        ("UPDATE reservation SET stock_id = 1", "keeps its incident, its stock and its quantity"),
        ("UPDATE reservation SET state = 'used'", "used_within_quantity"),
        ("UPDATE reservation SET state = 'used', used_quantity = 11", "used_within_quantity"),
        ("UPDATE reservation SET used_quantity = 1", "used_within_quantity"),
        ("DELETE FROM reservation", "never changed or removed"),
    ],
)
def test_whoever_writes_past_the_program_cannot_make_or_lose_stock(
    room: Sessions, statement: str, refusal: str
) -> None:
    reserve(room, foam(call(room), 10))
    with pytest.raises(DBAPIError, match=refusal):
        run(room, statement)
    assert shelf(room, OLD) == (50.0, 10.0)


def test_the_sum_that_is_reserved_cannot_be_written_by_hand(room: Sessions) -> None:
    reserve(room, foam(call(room), 10))
    run(room, "UPDATE stock SET reserved = 0")
    assert shelf(room, OLD) == (50.0, 10.0)


def race(sessions: Sessions, statement: str | None = None) -> list[bool]:
    """Let eight desks want 20 L each at once, of 130 L that may leave; whether each one got them."""
    incidents = [call(sessions) for _ in range(RACERS)]
    start = Barrier(RACERS)

    def want(incident_id: int) -> bool:
        start.wait()
        if statement is None:
            return reserve(sessions, foam(incident_id, 20)) is not None
        run(sessions, statement.format(incident=incident_id))
        return True

    with ThreadPoolExecutor(RACERS) as racers:
        return list(racers.map(want, incidents))


def test_of_eight_who_want_twenty_litres_of_a_hundred_and_thirty_six_get_them(room: Sessions) -> None:
    assert sum(race(room)) == 6
    assert shelf(room, OLD)[1] + shelf(room, NEW)[1] == 120.0


def test_those_who_write_past_the_program_at_once_add_up_too_but_not_without_the_trigger(
    room: Sessions,
) -> None:
    race(room, INSERT.format(incident="{incident}", stock=NEW, quantity=5))
    assert shelf(room, NEW) == (100.0, 40.0)
    run(room, "DROP TRIGGER stock_reserved_is_summed ON stock")
    race(room, INSERT.format(incident="{incident}", stock=OLD, quantity=5))
    with transaction(room) as session:
        assert set(session.scalars(SUMS)) == {0.0, -40.0}
