"""Options that the planner's commands share, and the question they make."""

from typing import Annotated

import typer

from api.cli.shapes import closure_of
from api.planning import FROM_ORDER, CapabilityAsked, PlanAsked

Roads = Annotated[str, typer.Option(help="Name of the road network, as given to `roads import`.")]
StandardCode = Annotated[
    str | None, typer.Option(metavar="CODE", help="A standard of arrival, e.g. cover-grade-1.")
]
Seconds = Annotated[float | None, typer.Option(help="A time instead of a standard.")]
ClockStart = Annotated[
    str, typer.Option("--clock", help="From when --seconds count: order (turnout counts) or departure.")
]
TeamCapability = Annotated[
    str | None,
    typer.Option(metavar="NAME@LEVEL", help="Who counts, e.g. hazmat@2. Default: whom the standard names."),
]
Bases = Annotated[
    list[str] | None, typer.Option("--bases", metavar="NAME", help="Only this base. May be repeated.")
]
Teams = Annotated[
    list[str] | None, typer.Option("--teams", metavar="NAME", help="Only this team. May be repeated.")
]
Vehicle = Annotated[
    str | None, typer.Option("--profile", help="What if every unit drove such a vehicle? Default: its own.")
]
Weather = Annotated[str | None, typer.Option("--preset", help="night, ice or fog: roads take longer.")]
Closed = Annotated[
    list[str] | None,
    typer.Option(
        "--close", metavar="FILE|WKT", help="What if this area or line were closed? May be repeated."
    ),
]
DEFAULT_CLOCK = FROM_ORDER


def chosen(
    capability: str | None, bases: list[str] | None, teams: list[str] | None, close: list[str] | None
) -> PlanAsked:
    """Return the part of the question that tells who counts and what is closed."""
    return PlanAsked(
        capability=None if capability is None else CapabilityAsked.parse(capability),
        bases=tuple(bases or ()),
        teams=tuple(teams or ()),
        closures=tuple(closure_of("close", text) for text in close or ()),
    )
