"""``rescuegrid webhooks``: let others hear of events, and see how deliveries fare."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api import webhooks
from api.cli.options import DEFAULT_VAR, VarDir
from api.opening import open_database
from api.settings import Settings
from api.webhooks import Speaker
from data.registry.rows import Name
from data.webhooks import DeliveryFacts, NewWebhook, WebhookFacts

MOST_LISTED = 1000
SOURCE = "desk"

webhooks_app = typer.Typer(
    help="Let others hear of events, and see how deliveries fare.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
WebhookId = Annotated[int, typer.Argument(metavar="ID", min=1, help="Its number.", show_default=False)]
Who = Annotated[str, typer.Option(help="Who does it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@webhooks_app.command("add")
def add_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to post, http or https.")],
    *,
    who: Who,
    kinds: Annotated[
        str,
        typer.Option(metavar="KIND,…", help="Whole kinds of events, or their first words. Default: all."),
    ] = "",
    secret: Annotated[
        str | None,
        typer.Option(
            envvar="RESCUEGRID_WEBHOOK_SECRET",
            help="What signs the messages. Default: one of 32 random bytes is made.",
            show_envvar=True,
        ),
    ] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Register a receiver of events. Its secret is shown this once: keep it with the receiver.

    Examples
    --------
    - `rescuegrid webhooks add https://receiver.example/rescuegrid --kinds assignment,incident.reported
      --who 'duty desk'`
    """
    said = {"url": url, "kinds": [kind for kind in kinds.split(",") if kind]}
    row = NewWebhook.model_validate(said if secret is None else said | {"secret": secret})
    speaker = _speaker(who)
    with open_database(Settings(var=var)) as sessions:
        registered = webhooks.register(row, speaker, sessions)
    typer.echo(f"{registered.webhook.id}: {registered.webhook.url} hears of {_kinds(registered.webhook)}")
    typer.echo(f"secret (shown this once): {registered.secret}")


@webhooks_app.command("list")
def list_command(*, as_json: AsJson = False, var: VarDir = DEFAULT_VAR) -> None:
    """
    List the receivers, and how many events each is owed; secrets are never shown.

    Examples
    --------
    - `rescuegrid webhooks list`
    """
    with open_database(Settings(var=var)) as sessions:
        page = webhooks.list_webhooks(MOST_LISTED, 0, sessions)
    if as_json:
        typer.echo(TypeAdapter(tuple[WebhookFacts, ...]).dump_json(page.rows, indent=1))
    else:
        rows = [(str(w.id), w.url, _kinds(w), "yes" if w.active else "no", f"{w.owed:,}") for w in page.rows]
        _print("Receivers", ("id", "url", "kinds", "active", "owed"), rows)
    _say_if_more(len(page.rows), page.matched)


@webhooks_app.command("deliveries")
def deliveries_command(webhook_id: WebhookId, *, as_json: AsJson = False, var: VarDir = DEFAULT_VAR) -> None:
    """
    List what a receiver was sent and is owed, the newest event first, and why an attempt failed.

    Examples
    --------
    - `rescuegrid webhooks deliveries 3`
    """
    with open_database(Settings(var=var)) as sessions:
        page = webhooks.list_deliveries(webhook_id, MOST_LISTED, 0, sessions)
    if as_json:
        typer.echo(TypeAdapter(tuple[DeliveryFacts, ...]).dump_json(page.rows, indent=1))
    else:
        _print(
            f"Deliveries of webhook {webhook_id}",
            ("event", "kind", "attempts", "delivered", "next try", "last error"),
            [_delivery(delivery) for delivery in page.rows],
        )
    _say_if_more(len(page.rows), page.matched)


@webhooks_app.command("test")
def ping_command(webhook_id: WebhookId, *, who: Who, var: VarDir = DEFAULT_VAR) -> None:
    """
    Send a receiver, and no other, an event of the kind webhook.ping; `rescuegrid serve` delivers it.

    Examples
    --------
    - `rescuegrid webhooks test 3 --who 'duty desk'`
    """
    said = _speaker(who).who
    with open_database(Settings(var=var)) as sessions:
        event_id = webhooks.try_out(webhook_id, said, sessions)
    typer.echo(f"event {event_id} is on its way; see: rescuegrid webhooks deliveries {webhook_id}")


@webhooks_app.command("deactivate")
def deactivate_command(webhook_id: WebhookId, *, who: Who, var: VarDir = DEFAULT_VAR) -> None:
    """
    Send a receiver nothing more; what it is owed stays on record.

    Examples
    --------
    - `rescuegrid webhooks deactivate 3 --who 'duty desk'`
    """
    speaker = _speaker(who)
    with open_database(Settings(var=var)) as sessions:
        webhook = webhooks.deactivate(webhook_id, speaker, sessions)
    typer.echo(f"{webhook.id}: deactivated, {webhook.owed:,} events stay owed")


@webhooks_app.command("delete")
def delete_command(webhook_id: WebhookId, *, who: Who, var: VarDir = DEFAULT_VAR) -> None:
    """
    Remove a receiver and what it is owed; the events themselves stay.

    Examples
    --------
    - `rescuegrid webhooks delete 3 --who 'duty desk'`
    """
    speaker = _speaker(who)
    with open_database(Settings(var=var)) as sessions:
        webhooks.remove(webhook_id, speaker, sessions)
    typer.echo(f"{webhook_id}: deleted")


def _speaker(who: str) -> Speaker:
    return Speaker(TypeAdapter(Name).validate_python(who), SOURCE)


def _kinds(webhook: WebhookFacts) -> str:
    return ", ".join(webhook.kinds) or "all"


def _delivery(said: DeliveryFacts) -> tuple[str, ...]:
    return (
        str(said.event_id),
        said.kind,
        str(said.attempts),
        _moment(said.delivered_at),
        _moment(said.next_try_at),
        said.last_error or "",
    )


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _print(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _say_if_more(shown: int, matched: int) -> None:
    if matched > shown:
        typer.echo(f"note: the first {shown:,} of {matched:,}", err=True)
