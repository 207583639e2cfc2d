"""Options of every command that writes to the record of an incident: who, by what it was told, and when."""

from datetime import datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter

from api.http.saying_so import ToldIn
from data.steps import Step

Who = Annotated[str, typer.Option(metavar="NAME", help="Whoever dispatches.", show_default=False)]
Source = Annotated[str, typer.Option(help="By what it was told: desk, radio, phone, device.")]
At = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="When it happened, with time zone, e.g. 2026-01-01T08:00+08:00. Default: now."
    ),
]
Note = Annotated[str, typer.Option(help="Their words, or the reason.")]
TOLD = TypeAdapter(ToldIn)


def told(who: str, source: str, at: str | datetime | None, note: str) -> Step:
    """Return what was told, checked as over HTTP."""
    return TOLD.validate_python({"who": who, "source": source, "happened_at": at, "note": note}).told()
