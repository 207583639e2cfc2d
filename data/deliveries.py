"""
Events on their way to receivers: whose turn it is, taken in hand, delivered or put off.

Each function is a short transaction of its caller, none is open while a receiver is spoken to. Nothing here
commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from data.models import Event, Webhook, WebhookDelivery

_owed = aliased(WebhookDelivery)


@dataclass(frozen=True)
class EventFacts:
    """An event as it was written."""

    id: int
    kind: str
    at: datetime
    happened_at: datetime
    incident: int | None
    unit: int | None
    assignment: int | None
    who: str
    source: str
    detail: Mapping[str, Any]
    synthetic: bool


@dataclass(frozen=True)
class OwedEvent:
    """An event in the hands of one who delivers it, for the ``attempt``-th time, and to whom."""

    delivery_id: int
    attempt: int
    url: str
    secret: str = field(repr=False)
    event: EventFacts


def receivers_due(session: Session) -> list[int]:
    """Return the active receivers whose first event owed is due."""
    first_due_at = _first_owed(Webhook.id).with_only_columns(_owed.next_try_at).scalar_subquery()
    due = select(Webhook.id).where(Webhook.active, first_due_at <= func.now())
    return list(session.scalars(due.order_by(Webhook.id)))


def take_next(session: Session, webhook_id: int, held_s: float) -> OwedEvent | None:
    """
    Take the first event that a receiver is owed, where it is due and in nobody's hands.

    Nobody else gets it for ``held_s``; where its taker has vanished by then, it is due again. Only the first
    counts: while it fails, those behind it wait, so that a receiver hears of events in their order.
    """
    due = (
        select(WebhookDelivery.id)
        .where(
            WebhookDelivery.id == _first_owed(literal(webhook_id)).scalar_subquery(),
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.next_try_at <= func.now(),
        )
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == due.scalar_subquery(),
            Webhook.id == WebhookDelivery.webhook_id,
            Webhook.active,
            Event.id == WebhookDelivery.event_id,
        )
        .values(attempts=WebhookDelivery.attempts + 1, next_try_at=_from_now(held_s))
        .returning(WebhookDelivery.id, WebhookDelivery.attempts, Webhook.url, Webhook.secret, Event)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(taken).one_or_none()
    if row is None:
        return None
    delivery_id, attempt, url, secret, event = row
    return OwedEvent(delivery_id, attempt, url, secret, _facts(event))


def note_delivered(session: Session, owed: OwedEvent) -> None:
    """Note that a receiver has taken an event, whoever else has it in hand meanwhile."""
    session.execute(_still_owed(owed).values(delivered_at=func.now()))


def put_off(session: Session, owed: OwedEvent, error: str, wait_s: float) -> None:
    """Note why a receiver has not taken an event, and try again later; a later attempt is not disturbed."""
    this_attempt = _still_owed(owed).where(WebhookDelivery.attempts == owed.attempt)
    session.execute(this_attempt.values(last_error=error, next_try_at=_from_now(wait_s)))


def try_soon(session: Session, webhook_id: int, held_s: float) -> None:
    """Let no event of a receiver wait longer than one that is in hand is held: it may be well again."""
    soon = _from_now(held_s)
    waiting = WebhookDelivery.delivered_at.is_(None), WebhookDelivery.next_try_at > soon
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, *waiting)
        .values(next_try_at=soon)
    )


def _first_owed(webhook_id: ColumnElement[int] | InstrumentedAttribute[int]) -> Select[int]:
    return (
        select(_owed.id)
        .where(_owed.webhook_id == webhook_id, _owed.delivered_at.is_(None))
        .order_by(_owed.event_id)
        .limit(1)
    )


def _still_owed(owed: OwedEvent) -> Update:
    return update(WebhookDelivery).where(
        WebhookDelivery.id == owed.delivery_id, WebhookDelivery.delivered_at.is_(None)
    )


def _from_now(seconds: float) -> ColumnElement[datetime]:
    return func.now() + timedelta(seconds=seconds)


def _facts(event: Event) -> EventFacts:
    return EventFacts(
        id=event.id,
        kind=event.kind,
        at=event.at,
        happened_at=event.happened_at,
        incident=event.incident_id,
        unit=event.unit_id,
        assignment=event.assignment_id,
        who=event.who,
        source=event.source,
        detail=event.detail,
        synthetic=event.synthetic,
    )
