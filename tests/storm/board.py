"""What a desk sees when it looks for something to do: anything that is open, at random."""

from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

STANDING = text(
    """
    SELECT id, status AS state FROM incident WHERE status IN ('open', 'under-control')
    ORDER BY random() LIMIT 1
    """
)
IDLE = text(
    """
    SELECT id, status AS state FROM incident WHERE status IN ('open', 'under-control')
        AND NOT EXISTS (SELECT FROM assignment WHERE incident_id = incident.id AND closed_at IS NULL)
        AND NOT EXISTS (SELECT FROM reservation WHERE incident_id = incident.id AND closed_at IS NULL)
    ORDER BY random() LIMIT 1
    """
)
CLOSED = text("SELECT id, status AS state FROM incident WHERE status = 'closed' ORDER BY random() LIMIT 1")
OUT = text("SELECT id, state FROM assignment WHERE closed_at IS NULL ORDER BY random() LIMIT 1")
SET_ASIDE = text("SELECT id, state FROM reservation WHERE closed_at IS NULL ORDER BY random() LIMIT 1")


@dataclass(frozen=True)
class Seen:
    """A row on the board and its state, which may have changed since."""

    id: int
    state: str


def look(session: Session, wanted: TextClause) -> Seen | None:
    """Return one row of those wanted, or None where there is none."""
    found = session.execute(wanted).one_or_none()
    return None if found is None else Seen(found.id, found.state)
