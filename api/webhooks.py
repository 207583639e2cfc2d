"""Let others hear of events: register a receiver, see how it fares, try it, deactivate and remove it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from api.delivering import PACE
from data import webhooks
from data.audit import speaking_as
from data.database import Sessions, transaction
from data.deliveries import try_soon
from data.rulebook import RowsPage
from data.webhooks import DeliveryFacts, NewWebhook, WebhookFacts


@dataclass(frozen=True)
class Speaker:
    """Who changes something, and by what means: desk, api."""

    who: str
    source: str


@dataclass(frozen=True)
class Registered:
    """A receiver that is registered, and its secret, which is said this once."""

    webhook: WebhookFacts
    secret: str = field(repr=False)


def register(row: NewWebhook, speaker: Speaker, sessions: Sessions) -> Registered:
    """Register a receiver: it is owed every event of its kinds that is written from now on."""
    with _spoken_by(speaker, sessions) as session:
        webhook_id = webhooks.add(session, row)
        return Registered(webhooks.facts(session, webhook_id), row.secret)


def list_webhooks(limit: int, offset: int, sessions: Sessions) -> RowsPage[WebhookFacts]:
    """Return a page of receivers, without their secrets."""
    with transaction(sessions) as session:
        return webhooks.page(session, limit, offset)


def one_webhook(webhook_id: int, sessions: Sessions) -> WebhookFacts:
    """Return a receiver, without its secret."""
    with transaction(sessions) as session:
        return webhooks.facts(session, webhook_id)


def deactivate(webhook_id: int, speaker: Speaker, sessions: Sessions) -> WebhookFacts:
    """Send a receiver nothing more; done again, it changes nothing."""
    with _spoken_by(speaker, sessions) as session:
        webhooks.deactivate(session, webhook_id)
        return webhooks.facts(session, webhook_id)


def remove(webhook_id: int, speaker: Speaker, sessions: Sessions) -> None:
    """Remove a receiver and what it was owed; the audit keeps who did."""
    with _spoken_by(speaker, sessions) as session:
        webhooks.remove(session, webhook_id)


def try_out(webhook_id: int, who: str, sessions: Sessions) -> int:
    """
    Write an event for one receiver alone and return its number; it goes the way of all events, in its turn.

    Where the receiver is being left alone after failures, it is tried again within seconds.
    """
    with transaction(sessions) as session:
        event_id = webhooks.ping(session, webhook_id, who)
        try_soon(session, webhook_id, PACE.held_s)
        return event_id


def list_deliveries(webhook_id: int, limit: int, offset: int, sessions: Sessions) -> RowsPage[DeliveryFacts]:
    """Return a page of what a receiver was sent and is owed, the newest event first."""
    with transaction(sessions) as session:
        return webhooks.deliveries(session, webhook_id, limit, offset)


@contextmanager
def _spoken_by(speaker: Speaker, sessions: Sessions) -> Iterator[Session]:
    with transaction(sessions) as session:
        speaking_as(session, speaker.who, speaker.source)
        yield session
