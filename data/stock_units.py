"""In which units of measure depots count what they hold."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Stock


def units_of_item(session: Session, item: str) -> tuple[str, ...]:
    """Return the units in which any depot counts an item; none where nobody holds it."""
    units = select(Stock.unit_of_measure).where(Stock.item == item).distinct()
    return tuple(sorted(session.scalars(units)))
