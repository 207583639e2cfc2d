"""Where units were last seen. Nothing here commits."""

from datetime import datetime

from geoalchemy2.shape import from_shape
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from data.incidents import NotFoundError
from data.models import Unit
from data.models.base import WGS84_SRID
from data.registry.rows import point
from geo.places import Place


def place_unit(session: Session, unit_id: int, place: Place, at: datetime) -> bool:
    """
    Write where a unit was at a time; whether it is now the newest there is.

    The newest by its own time wins, in whatever order they arrive; of two of one time the first one stays.
    """
    newest = (
        update(Unit)
        .where(Unit.id == unit_id, or_(Unit.position_at.is_(None), Unit.position_at < at))
        .values(position=from_shape(point(place), WGS84_SRID), position_at=at)
        .returning(Unit.id)
    )
    if session.scalar(newest) is not None:
        return True
    if session.scalar(select(Unit.id).where(Unit.id == unit_id)) is None:
        raise NotFoundError(f"there is no unit {unit_id}")
    return False
