"""``rescuegrid replay-log``: what a fire department's log books twice, and how else it could have gone."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.replay_log_tables import print_log_replay
from api.replaying_log import replay_log


def replay_log_command(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="CSV in the columns of San Francisco's Fire Department Calls for Service.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """
    Replay a real log with its own travel and service times, no unit ever in two places.

    Lists the units that the log sends out twice at once. Then plays it through: each response to its own
    unit, then each to the nearest free unit of its type; and says how busy units are, simulated against
    logged. Needs no roads and no database.

    Examples
    --------
    - `rescuegrid replay-log sffd_calls.csv`

    - `rescuegrid replay-log sffd_calls.csv --json > replay.json`
    """
    replay = replay_log(file)
    if as_json:
        typer.echo(replay.model_dump_json(indent=1))
    else:
        print_log_replay(replay)
