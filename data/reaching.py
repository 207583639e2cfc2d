"""How units are reached: call sign, phones, and who answers them. Nothing here commits."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import RescueBase, Team, Unit


@dataclass(frozen=True)
class Reach:
    """Whom to call for a unit: its team first, then its base, which stands in for it."""

    unit_id: int
    call_sign: str
    radio: str
    contact: str
    phone: str
    deputy: str
    deputy_phone: str


def reach_of(session: Session, unit_ids: Collection[int]) -> dict[int, Reach]:
    """Return how each of some units is reached."""
    rows = session.execute(
        select(
            Unit.id,
            Team.call_sign,
            Team.radio,
            Team.contact,
            Team.phone,
            RescueBase.contact.label("deputy"),
            RescueBase.phone.label("deputy_phone"),
        )
        .join(Team, Unit.team_id == Team.id)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .where(Unit.id.in_(unit_ids))
    )
    return {row[0]: Reach(*row) for row in rows}
