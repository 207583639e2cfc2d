"""Road conditions in the database: read in whole versions, added, withdrawn. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from geoalchemy2.shape import from_shape
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    SQLColumnExpression,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from data.condition_facts import ConditionFacts, ConditionsPage, ConditionsSet, Standing, Withdrawal, facts_of
from data.incidents import NotFoundError
from data.models import RoadCondition, RoadConditionsVersion
from data.models.base import WGS84_SRID
from data.registry.conditions import NewRoadCondition
from geo.errors import InvalidInputError, RescueError

CHANNEL = "road_conditions"
"""Where the database says each new version."""


class AlreadyWithdrawnError(RescueError):
    """A road condition that was withdrawn before."""


def current_version(session: Session) -> int:
    """Return the version of the set of road conditions."""
    return session.scalars(select(RoadConditionsVersion.version)).one()


def read(session: Session, at: datetime | None = None, known: ConditionsSet | None = None) -> ConditionsSet:
    """
    Return the road conditions in force at a moment, by what the database holds at this very moment.

    Parameters
    ----------
    session : Session
    at : datetime or None
        The moment; None is now by the database's clock, which also dates what begins at once: whatever was
        committed before is seen, whosever clock is slow.
    known : ConditionsSet or None
        A set read before: returned as it is where it still holds, which costs one small query.
    """
    moment = _moment(at)
    if known is not None:
        version, now = session.execute(select(moment.c.version, moment.c.at)).one()
        if known.holds(version, now):
            return known
    return _set_held(session, moment, RoadCondition.withdrawn_at.is_(None))


def as_of(session: Session, version: int, at: datetime) -> ConditionsSet:
    """Return the set that a version held at a moment: what an answer that names both was made with."""
    newest = current_version(session)
    if not 0 <= version <= newest:
        raise NotFoundError(
            f"there is no version {version} of the road conditions, they go from 0 to {newest}"
        )
    still_held = or_(RoadCondition.withdrawn_in.is_(None), RoadCondition.withdrawn_in > version)
    return _set_held(session, _moment(at, version), and_(RoadCondition.added_in <= version, still_held))


def facts(session: Session, condition_id: int) -> ConditionFacts:
    """Return a road condition as recorded."""
    row = session.execute(select(*_COLUMNS).where(RoadCondition.id == condition_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no road condition {condition_id}")
    return facts_of(row)


def listing(session: Session, standing: Standing | None, limit: int, offset: int) -> ConditionsPage:
    """Return ``limit`` road conditions from ``offset`` on that stand so at this moment; of all where None."""
    moment = _moment(None)
    wanted = true() if standing is None else _stands(standing, select(moment.c.at).scalar_subquery())
    matched = select(func.count(RoadCondition.id)).where(wanted).scalar_subquery()
    page = select(*_COLUMNS).where(wanted).order_by(RoadCondition.id).limit(limit).offset(offset).subquery()
    found = session.execute(
        select(moment, matched.label("matched"), *page.c)
        .select_from(moment)
        .outerjoin(page, true())
        .order_by(page.c.id)
    ).all()
    rows = tuple(facts_of(row) for row in found if row.id is not None)
    return ConditionsPage(found[0].version, found[0].at, found[0].matched, rows)


def add(session: Session, row: NewRoadCondition) -> ConditionFacts:
    """Add a road condition; it begins at once where the row does not say when."""
    now: datetime = session.scalars(select(func.now())).one()
    _check_end(row.valid_from or now, row.valid_to, now)
    named = row.segments
    values = row.model_dump(exclude={"shape", "segments"}) | {
        "shape": from_shape(row.shape, WGS84_SRID),
        "valid_from": row.valid_from or now,
        "roads": named.roads if named else None,
        "roads_hash": named.roads_hash if named else None,
        "segments": list(named.numbers) if named else None,
    }
    return facts_of(session.execute(insert(RoadCondition).values(values).returning(*_COLUMNS)).one())


def withdraw(session: Session, condition_id: int, who: str, why: str) -> Withdrawal:
    """Withdraw a road condition: of any number who try at once, one does."""
    row = session.execute(
        update(RoadCondition)
        .where(RoadCondition.id == condition_id, RoadCondition.withdrawn_at.is_(None))
        .values(withdrawn_at=func.now(), withdrawn_by=who, withdrawn_why=why)
        .returning(*_COLUMNS)
    ).one_or_none()
    withdrawal = None if row is None else facts_of(row).withdrawal
    if withdrawal is None:
        raise _why_not_withdrawn(facts(session, condition_id))
    return withdrawal


_COLUMNS: Sequence[SQLColumnExpression[Any]] = tuple(RoadCondition.__table__.columns)


def _moment(at: datetime | None, version: int | None = None) -> CTE:
    """Return the version and the moment a statement speaks of: one row, the newest and now where None."""
    moment = func.clock_timestamp() if at is None else literal(at, DateTime(timezone=True))
    spoken_of = RoadConditionsVersion.version if version is None else literal(version, BigInteger)
    return (
        select(spoken_of.label("version"), moment.label("at"))
        .select_from(RoadConditionsVersion)
        .cte("moment")
    )


def _set_held(session: Session, moment: CTE, held: ColumnElement[bool]) -> ConditionsSet:
    """Read the version, and what it holds, in one statement: one snapshot of the database."""
    not_past = or_(RoadCondition.valid_to.is_(None), RoadCondition.valid_to > moment.c.at)
    found = session.execute(
        select(moment, *_COLUMNS)
        .select_from(moment)
        .outerjoin(RoadCondition, and_(held, not_past))
        .order_by(RoadCondition.id)
    ).all()
    version, at = found[0].version, found[0].at
    rows = [facts_of(row) for row in found if row.id is not None]
    turns = [turn for row in rows for turn in (row.valid_from, row.valid_to) if turn and turn > at]
    return ConditionsSet(version, at, min(turns, default=None), tuple(row for row in rows if row.valid(at)))


def _stands(standing: Standing, at: SQLColumnExpression[datetime]) -> ColumnElement[bool]:
    withdrawn = RoadCondition.withdrawn_at.is_not(None)
    begun = RoadCondition.valid_from <= at
    ended = func.coalesce(RoadCondition.valid_to <= at, False)
    return {
        Standing.IN_FORCE: and_(~withdrawn, begun, ~ended),
        Standing.COMING: and_(~withdrawn, ~begun),
        Standing.PAST: and_(~withdrawn, ended),
        Standing.WITHDRAWN: withdrawn,
    }[standing]


def _check_end(begins: datetime, ends: datetime | None, now: datetime) -> None:
    if ends is None:
        return
    if ends <= begins:
        raise InvalidInputError("valid_to", f"{ends} is not after the beginning, {begins}")
    if ends <= now:
        raise InvalidInputError("valid_to", f"{ends} has passed: the condition would never be in force")


def _why_not_withdrawn(found: ConditionFacts) -> RescueError:
    by = f" by {found.withdrawal.by}" if found.withdrawal else ""
    return AlreadyWithdrawnError(f"road condition {found.id} was withdrawn before{by}: nothing is left to do")
