"""Webhooks over HTTP: who hears of events, and how deliveries fare."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import CentreDep
from api.http.errors import ErrorSaid
from api.http.incidents import LARGEST_ID
from api.http.registry import Limit, Link, Offset, page_links
from api.webhooks import (
    Registered,
    Speaker,
    deactivate,
    list_deliveries,
    list_webhooks,
    one_webhook,
    register,
    remove,
    try_out,
)
from data.registry.rows import Name
from data.webhooks import DeliveryFacts, NewWebhook, WebhookFacts

JSON = "application/json"
SOURCE = "api"
RECIPE = """
Register a receiver: from now on each event of its kinds is posted to its URL.

A kind is whole (`assignment.refused`) or a first word (`assignment`); no kinds means all. The `secret` in the
answer is **shown this once**: keep it with the receiver. Sent again under its `Idempotency-Key`, the answer
says `***` for it; who lost it removes the receiver and registers it anew.

What is posted is JSON: `id`, `kind`, `at` (when it was entered), `happened_at`, `incident`, `unit`,
`assignment` (numbers or null), `who`, `source`, `detail`, and `synthetic`, which is true of what is made up
for exercise. With it come the headers `X-RescueGrid-Event` (the kind), `X-RescueGrid-Timestamp` (seconds
since 1970) and `X-RescueGrid-Signature`. **Verify before you believe**, over the very bytes of the body:

```python
import hashlib, hmac, time

def is_genuine(secret: str, headers, body: bytes) -> bool:
    timestamp = headers["X-RescueGrid-Timestamp"]
    signed = timestamp.encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(timestamp)) < 300
    return fresh and hmac.compare_digest(expected, headers["X-RescueGrid-Signature"])
```

Answer 2xx within 5 seconds and the event is delivered. Anything else is tried again after 1 s, 2 s, 4 s …, up
to 5 minutes (by chance up to half of it sooner), without end; a redirect is not followed. A receiver hears of
one event at a time, in the order of `id`: while one fails, those after it wait. Events that several people
enter at the very same moment may swap places. Delivery is **at least once**: an event whose answer was lost
comes again with the same `id`, so remember the ids you have seen.
"""

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Who = Annotated[Name, Query(description="who does it")]


class WebhookIn(NewWebhook):
    """A receiver; without a secret, one is made of 32 random bytes."""

    who: Name = Field(description="who registers it")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://receiver.example/rescuegrid",
                    "kinds": ["assignment", "incident.reported"],
                    "who": "duty desk",
                }
            ]
        }
    )


class RegisteredOut(BaseModel):
    """The receiver is registered. Its secret is shown this once, and never again."""

    webhook: WebhookFacts
    secret: str = Field(description="what signs each message: keep it with the receiver")
    links: dict[str, str]

    @classmethod
    def of(cls, registered: Registered) -> "RegisteredOut":
        """Say what was registered."""
        home = f"/webhooks/{registered.webhook.id}"
        links = {"self": home, "deliveries": f"{home}/deliveries", "test": f"{home}/test"}
        return cls(webhook=registered.webhook, secret=registered.secret, links=links)


class WebhooksOut(BaseModel):
    """A page of receivers; follow the link ``next`` until there is none."""

    number_matched: int = Field(serialization_alias="numberMatched")
    number_returned: int = Field(serialization_alias="numberReturned")
    webhooks: list[WebhookFacts]
    links: list[Link]


class DeliveriesOut(BaseModel):
    """A page of deliveries; follow the link ``next`` until there is none."""

    number_matched: int = Field(serialization_alias="numberMatched")
    number_returned: int = Field(serialization_alias="numberReturned")
    deliveries: list[DeliveryFacts]
    links: list[Link]


class TestedOut(BaseModel):
    """An event is on its way to the receiver: its delivery says how it fares."""

    event_id: int
    links: dict[str, str]


@router.post("", status_code=201, description=RECIPE)
def register_webhook(asked: WebhookIn, response: Response, centre: CentreDep) -> RegisteredOut:
    """Register a receiver of events."""
    row = NewWebhook.model_validate(asked.model_dump(exclude={"who"}))
    registered = RegisteredOut.of(register(row, Speaker(asked.who, SOURCE), centre.sessions))
    response.headers["Location"] = registered.links["self"]
    response.headers["Cache-Control"] = "no-store"
    return registered


@router.get("")
def read_webhooks(request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0) -> WebhooksOut:
    """Return receivers, how many events each is owed, and never a secret."""
    page = list_webhooks(limit, offset, centre.sessions)
    return WebhooksOut(
        number_matched=page.matched,
        number_returned=len(page.rows),
        webhooks=list(page.rows),
        links=page_links(request, limit, offset, page.matched, JSON),
    )


@router.get("/{webhook_id}")
def read_webhook(webhook_id: WebhookId, centre: CentreDep) -> WebhookFacts:
    """Return a receiver, without its secret."""
    return one_webhook(webhook_id, centre.sessions)


@router.get("/{webhook_id}/deliveries")
def read_deliveries(
    webhook_id: WebhookId, request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0
) -> DeliveriesOut:
    """Return what a receiver was sent and is owed, the newest event first, and why an attempt failed."""
    page = list_deliveries(webhook_id, limit, offset, centre.sessions)
    return DeliveriesOut(
        number_matched=page.matched,
        number_returned=len(page.rows),
        deliveries=list(page.rows),
        links=page_links(request, limit, offset, page.matched, JSON),
    )


@router.post("/{webhook_id}/test", status_code=202, responses={409: {"model": ErrorSaid}})
def ping_webhook(webhook_id: WebhookId, who: Who, centre: CentreDep) -> TestedOut:
    """
    Send a receiver, and no other, an event of the kind `webhook.ping`.

    It goes the way of all events, after those that are owed already. A receiver that is being left alone
    after failures is tried again within seconds.
    """
    event_id = try_out(webhook_id, who, centre.sessions)
    return TestedOut(event_id=event_id, links={"deliveries": f"/webhooks/{webhook_id}/deliveries"})


@router.post("/{webhook_id}/deactivate")
def deactivate_webhook(webhook_id: WebhookId, who: Who, centre: CentreDep) -> WebhookFacts:
    """Send a receiver nothing more. What it is owed stays on record; done again, it changes nothing."""
    return deactivate(webhook_id, Speaker(who, SOURCE), centre.sessions)


@router.delete("/{webhook_id}", status_code=204)
def remove_webhook(webhook_id: WebhookId, who: Who, centre: CentreDep) -> None:
    """Remove a receiver and what it is owed; the events themselves stay."""
    remove(webhook_id, Speaker(who, SOURCE), centre.sessions)
