"""Receivers of events: registered, listed, deactivated, removed, tried. Nothing here commits."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, StringConstraints, TypeAdapter
from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.incidents import NotFoundError
from data.models import Event, Webhook, WebhookDelivery
from data.registry.rows import NewRow
from data.rulebook import RowsPage
from geo.errors import RescueError

PING = "webhook.ping"
SECRET_BYTES = 32
SHORTEST_SECRET = 16
_http_url = TypeAdapter(AnyHttpUrl)


class WebhookInactiveError(RescueError):
    """A receiver that was deactivated is asked to receive."""


def _checked(text: str) -> str:
    url = _http_url.validate_python(text)
    if url.username is not None or url.password is not None:
        raise ValueError("it holds a user or a password; leave them out, the signature says who sends")
    if url.fragment is not None:
        raise ValueError("it holds a fragment (#…), which is never sent; leave it out")
    return str(url)


def _printable_ascii(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("it holds more than printable ASCII characters")
    return text


Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_checked),
]
Secret = Annotated[
    str, StringConstraints(min_length=SHORTEST_SECRET, max_length=200), AfterValidator(_printable_ascii)
]
EventKind = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$")
]


def new_secret() -> str:
    """Return 32 random bytes in hexadecimal."""
    return secrets.token_hex(SECRET_BYTES)


class NewWebhook(NewRow):
    """
    A receiver of events.

    ``kinds`` are whole (``assignment.refused``) or first words (``assignment``); none means every kind.
    """

    url: Url = Field(description="where events are posted, http or https")
    kinds: Annotated[tuple[EventKind, ...], Field(max_length=100)] = ()
    secret: Secret = Field(default_factory=new_secret, repr=False)


@dataclass(frozen=True)
class WebhookFacts:
    """A receiver as registered, without its secret; ``owed`` counts the events it has not taken yet."""

    id: int
    url: str
    kinds: tuple[str, ...]
    active: bool
    owed: int
    synthetic: bool


@dataclass(frozen=True)
class DeliveryFacts:
    """
    An event owed to a receiver, or delivered.

    ``last_error`` says why the last attempt that failed did, also after a later one was taken.
    """

    id: int
    event_id: int
    kind: str
    attempts: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    last_error: str | None


def add(session: Session, row: NewWebhook) -> int:
    """Register a receiver and return its number; it is owed every event written from now on."""
    webhook = Webhook(
        url=row.url, secret=row.secret, kinds=list(dict.fromkeys(row.kinds)), synthetic=row.synthetic
    )
    session.add(webhook)
    session.flush()
    return webhook.id


def facts(session: Session, webhook_id: int) -> WebhookFacts:
    """Return a receiver by its number."""
    webhook = session.execute(_told().where(Webhook.id == webhook_id)).one_or_none()
    if webhook is None:
        raise _not_found(webhook_id)
    return _facts(webhook)


def page(session: Session, limit: int, offset: int) -> RowsPage[WebhookFacts]:
    """Return ``limit`` receivers from ``offset`` on, in ascending order of their number."""
    rows = session.execute(_told().order_by(Webhook.id).limit(limit).offset(offset))
    matched = session.scalars(select(func.count(Webhook.id))).one()
    return RowsPage(tuple(_facts(row) for row in rows), matched)


def deactivate(session: Session, webhook_id: int) -> None:
    """Send a receiver nothing more: what it is owed is kept and stays owed."""
    changed = update(Webhook).where(Webhook.id == webhook_id).values(active=False).returning(Webhook.id)
    if session.scalar(changed) is None:
        raise _not_found(webhook_id)


def remove(session: Session, webhook_id: int) -> None:
    """Remove a receiver and what it is owed; the events themselves stay."""
    removed = delete(Webhook).where(Webhook.id == webhook_id).returning(Webhook.id)
    if session.scalar(removed) is None:
        raise _not_found(webhook_id)


def ping(session: Session, webhook_id: int, who: str) -> int:
    """Write an event for one receiver alone, whatever kinds it names, and return the event's number."""
    webhook = facts(session, webhook_id)
    if not webhook.active:
        raise WebhookInactiveError(f"webhook {webhook_id} is deactivated: to send to it, register it again")
    event = Event(kind=PING, who=who, detail={"webhook": webhook_id}, synthetic=True)
    session.add(event)
    session.flush()
    for_others = WebhookDelivery.event_id == event.id, WebhookDelivery.webhook_id != webhook_id
    session.execute(delete(WebhookDelivery).where(*for_others))
    owed = insert(WebhookDelivery).values(webhook_id=webhook_id, event_id=event.id)
    session.execute(owed.on_conflict_do_nothing())
    return event.id


def deliveries(session: Session, webhook_id: int, limit: int, offset: int) -> RowsPage[DeliveryFacts]:
    """Return ``limit`` deliveries of a receiver from ``offset`` on, the newest event first."""
    facts(session, webhook_id)
    rows = session.execute(
        select(WebhookDelivery, Event.kind)
        .join(Event, Event.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.event_id.desc())
        .limit(limit)
        .offset(offset)
    )
    count = select(func.count()).where(WebhookDelivery.webhook_id == webhook_id)
    return RowsPage(tuple(_delivery(*row) for row in rows), session.scalars(count).one())


def _told() -> Select[int, str, list[str], bool, int, bool]:
    owed = (
        select(func.count())
        .where(WebhookDelivery.webhook_id == Webhook.id, WebhookDelivery.delivered_at.is_(None))
        .scalar_subquery()
    )
    return select(Webhook.id, Webhook.url, Webhook.kinds, Webhook.active, owed, Webhook.synthetic)


def _facts(row: Row[int, str, list[str], bool, int, bool]) -> WebhookFacts:
    webhook_id, url, kinds, active, owed, synthetic = row
    return WebhookFacts(webhook_id, url, tuple(kinds), active, owed, synthetic)


def _delivery(row: WebhookDelivery, kind: str) -> DeliveryFacts:
    next_try_at = row.next_try_at if row.delivered_at is None else None
    return DeliveryFacts(
        row.id, row.event_id, kind, row.attempts, next_try_at, row.delivered_at, row.last_error
    )


def _not_found(webhook_id: int) -> NotFoundError:
    return NotFoundError(f"there is no webhook {webhook_id}")
