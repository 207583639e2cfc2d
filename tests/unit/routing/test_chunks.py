"""Work in pieces: found in order, by one thread or several, and left when nobody reads on."""

from threading import Lock

import pytest

from routing.chunks import AHEAD, HERE, Threads, Workers, runs

PIECES = 50


class Ledger:
    """Who has been served."""

    def __init__(self) -> None:
        self.served: list[int] = []
        self._lock = Lock()

    def serve(self, number: int) -> int:
        with self._lock:
            self.served.append(number)
        return number * number


def serve(kept: tuple[Ledger], number: int) -> int:
    return kept[0].serve(number)


def refuse_seven(_: tuple[()], number: int) -> int:
    if number == 7:
        raise ValueError(number)
    return number


@pytest.mark.parametrize("workers", [HERE, Threads(1), Threads(3)])
def test_every_piece_is_done_once_and_found_in_order(workers: Workers) -> None:
    ledger = Ledger()
    assert list(workers.each(serve, (ledger,), range(PIECES))) == [i * i for i in range(PIECES)]
    assert sorted(ledger.served) == list(range(PIECES))


@pytest.mark.parametrize(("workers", "most"), [(HERE, 1), (Threads(2), 2 * AHEAD)])
def test_who_stops_reading_leaves_the_rest_undone(workers: Workers, most: int) -> None:
    ledger = Ledger()
    found = iter(workers.each(serve, (ledger,), range(PIECES)))
    assert next(found) == 0
    del found
    assert len(ledger.served) <= most


@pytest.mark.parametrize("workers", [HERE, Threads(2)])
def test_a_piece_that_cannot_be_done_ends_the_work(workers: Workers) -> None:
    with pytest.raises(ValueError, match="7"):
        list(workers.each(refuse_seven, (), range(PIECES)))


def test_runs_hold_every_position_once() -> None:
    assert [run.tolist() for run in runs(5, 2)] == [[0, 1], [2, 3], [4]]
    assert runs(0, 2) == []
