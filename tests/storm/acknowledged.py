"""Whether what was acknowledged to clients is in the database."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from tests.storm.histories import EVENTS_BY_WHO
from tests.storm.ledger import ANYBODY, Entry, Outcome


def lost(session: Session, entries: Iterable[Entry]) -> Iterator[str]:
    """Return each acknowledged commit that the database does not have, or has more than once."""
    by_who: Counter[tuple[str, int, str]] = Counter()
    for event in session.execute(EVENTS_BY_WHO):
        by_who.update([(event.kind, event.id, event.who), (event.kind, event.id, ANYBODY)])
    for one in entries:
        if one.outcome != Outcome.ACKNOWLEDGED:
            continue
        times = by_who[one.what, one.row, one.who]
        if times == 0:
            yield f"{one.who or 'somebody'} was told of {one.what} {one.row}, which is not there"
        elif times > 1 and one.who != ANYBODY:
            yield f"{one.what} {one.row} of {one.who} was done {times} times"
