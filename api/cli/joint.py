"""``rescuegrid joint``: choose for several recorded incidents at once."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.answer_choice import ChoiceSaid
from api.cli.decision_tables import clock, sent, table
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.tables import console
from api.joint import recommend_jointly
from api.joint_answer import GainSaid, JointAnswer, JointIncidentSaid
from api.opening import open_centre
from api.settings import Settings
from geo.errors import InvalidInputError

LARGEST_ID = 2**63 - 1
ROADS = Settings.model_fields["roads"].default
BINDING = re.compile(r"(?P<unit>[0-9]{1,18}):(?P<incident>[0-9]{1,18})")


def joint_command(
    incidents: Annotated[
        list[int],
        typer.Argument(
            metavar="INCIDENT",
            min=1,
            max=LARGEST_ID,
            help="The numbers of 2 to 20 recorded incidents.",
            show_default=False,
        ),
    ],
    *,
    bound: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UNIT:INCIDENT",
            help="A unit taken to be bound to an incident, besides those sent already. May be repeated.",
        ),
    ] = None,
    roads: Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")] = ROADS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Choose for several recorded incidents together, each unit for one of them.

    The more severe choose first, those of one severity jointly. What taking a bound unit would gain is shown
    and not done: a person decides. Nothing is recorded.

    Examples
    --------
    - `rescuegrid joint 1 2`

    - `rescuegrid joint 1 2 --bound 17:1 --bound 18:1 --json`
    """
    held = _bindings(bound or [])
    with open_centre(Settings(var=var, roads=roads)) as centre:
        answer = recommend_jointly(incidents, held, centre)
    if as_json:
        typer.echo(answer.model_dump_json(indent=1))
    else:
        _print(answer)


def _bindings(given: Sequence[str]) -> dict[int, int]:
    held: dict[int, int] = {}
    for text in given:
        match = BINDING.fullmatch(text.strip())
        if match is None:
            raise InvalidInputError("bound", f"{text!r} is not UNIT:INCIDENT, e.g. 17:1")
        unit = int(match["unit"])
        if unit in held:
            raise InvalidInputError("bound", f"unit {unit} is bound twice; it can be at one incident only")
        held[unit] = int(match["incident"])
    return held


def _print(answer: JointAnswer) -> None:
    paper = console()
    for said in answer.incidents:
        for part in _parts(said):
            paper.print(part)


def _parts(said: JointIncidentSaid) -> Iterator[Table | Text]:
    yield Text(f"\nIncident {said.incident}: {said.kind}, severity {said.severity}", "bold")
    yield _needs(said.choice)
    yield sent(said.choice)
    if said.preempting:
        yield _gains(said.preempting)


def _needs(choice: ChoiceSaid) -> Table:
    rows = table("Needs")
    rows.add_column("what")
    rows.add_column("met at", justify="right")
    rows.add_column("short of", justify="right")
    for name, met_at_s in choice.met_at_s.items():
        missing = f"{choice.shortfall[name]:g}" if name in choice.shortfall else ""
        rows.add_row(Text(name), clock(met_at_s), Text(missing, "bold red"))
    return rows


def _gains(gains: Sequence[GainSaid]) -> Table:
    rows = table("What taking a bound unit would gain; a person decides")
    for heading in ("unit", "bound to incident", "would gain"):
        rows.add_column(heading)
    for gain in gains:
        what = "; ".join(words.en for words in gain.gains)
        rows.add_row(Text(f"{gain.name} ({gain.unit})"), str(gain.bound_to), Text(what))
    return rows
