"""Road conditions to write in tests: an area in the middle of town, closed because of smoke."""

from shapely import box
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.models import ConditionKind
from data.registry.conditions import NewRoadCondition

AREA = box(114.29, 30.59, 114.31, 30.61)


def closure(**changes: object) -> NewRoadCondition:
    """Close an area, at once and until withdrawn, unless the changes say otherwise."""
    said = {"kind": ConditionKind.CLOSURE, "shape": AREA, "reason": "smoke", "author": "duty desk"}
    return NewRoadCondition.model_validate(said | changes)


def slowdown(**changes: object) -> NewRoadCondition:
    """Slow an area down."""
    return closure(kind=ConditionKind.SLOWDOWN, **changes)


def events_of(session: Session, condition_id: int) -> list[str]:
    """Return the kinds of a condition's events, oldest first."""
    asked = text("SELECT kind FROM event WHERE detail->>'road_condition' = :id ORDER BY id")
    return list(session.scalars(asked, {"id": str(condition_id)}))
