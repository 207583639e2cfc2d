"""The command line: ``rescuegrid``."""

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from api.cli.own_stdout import own_stdout
from api.settings import Settings
from geo.errors import RescueError

REFUSED = 2
STOPPED = 130
"""What a shell expects of whoever was interrupted."""
STOPPED_SAID = "rescuegrid: stopped before it was done; nothing is left half-written"

PANELS = {
    "An incident": {
        "demo": "api.cli.demo:demo_command",
        "recommend": "api.cli.recommend:recommend",
        "joint": "api.cli.joint:joint_command",
        "dispatch": "api.cli.dispatch:dispatch_command",
        "assignments": "api.cli.dispatch:assignments_command",
        "step": "api.cli.steps:step_command",
        "divert": "api.cli.dispatch:divert_command",
        "settle": "api.cli.steps:settle_command",
        "incident": "api.cli.waiting:incident_app",
        "waiting": "api.cli.waiting:waiting_command",
        "clocks": "api.cli.clocks:clocks_app",
        "papers": "api.cli.papers:papers_app",
        "after-action": "api.cli.papers:after_action_command",
        "replay": "api.cli.replay:replay_command",
    },
    "Planning": {
        "coverage": "api.cli.coverage:coverage_command",
        "critical-links": "api.cli.critical_links:critical_links_command",
        "site": "api.cli.site:site_command",
        "simulate": "api.cli.simulate:simulate_command",
        "replay-log": "api.cli.replay_log:replay_log_command",
        "clauses": "api.cli.clauses:clauses_command",
        "survey": "api.cli.survey:survey_command",
    },
    "Roads": {
        "roads": "api.cli.roads:roads_app",
        "conditions": "api.cli.conditions:conditions_app",
        "times": "api.cli.times:times",
        "isochrone": "api.cli.times:isochrone",
    },
    "What is kept, and the service": {
        "plans": "api.cli.plans:plans_app",
        "records": "api.cli.records:records_app",
        "positions": "api.cli.positions:positions_app",
        "webhooks": "api.cli.webhooks:webhooks_app",
        "serve": "api.cli.serve:serve_command",
    },
}
"""Where each command, or group of commands, is, by the panel of the help it stands in."""
PANEL_OF = {name: panel for panel, commands in PANELS.items() for name in commands}


def application(names: Iterable[str] = PANEL_OF) -> typer.Typer:
    """Return the command line with these commands: only what they need is loaded."""
    app = typer.Typer(
        name="rescuegrid",
        help="The nearest capable rescue teams and depots over the real road network, and why.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    app.callback()(_keep_commands_apart)
    for name in names:
        panel = PANEL_OF[name]
        module, _, attribute = PANELS[panel][name].partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, rich_help_panel=panel)
        else:
            app.command(name, rich_help_panel=panel)(found)
    return app


def _keep_commands_apart() -> None:
    """Make even a single command one that is named."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what a person can mend is one sentence on stderr and exit code 2."""
    if arguments is None:
        with own_stdout():
            _run(sys.argv[1:])
    else:
        _run(list(arguments))


def _run(given: list[str]) -> None:
    names = given[:1] if given[:1] and given[0] in PANEL_OF else PANEL_OF
    try:
        application(names)(given)
    except SystemExit as ended:
        if ended.code == STOPPED:
            typer.echo(STOPPED_SAID, err=True)
        raise
    except KeyboardInterrupt:
        typer.echo(STOPPED_SAID, err=True)
        sys.exit(STOPPED)
    except RescueError as error:
        _refuse(str(error))
    except OperationalError as error:
        _refuse(f"the database cannot be reached: {' '.join(str(error.orig).split())}")
    except ValidationError as error:
        _refuse(_first_fault(error))
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    field = ".".join(str(part) for part in fault["loc"])
    if error.title == Settings.__name__:
        field = f"{Settings.model_config['env_prefix']}{field.upper()}"
    return f"{field}: {fault['msg'].removeprefix('Value error, ')}"


def _refuse(sentence: str) -> NoReturn:
    typer.echo(f"rescuegrid: {sentence}", err=True)
    sys.exit(REFUSED)
