"""The command line: ``rescuegrid``."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from api.cli.conditions import conditions_app
from api.cli.demo import demo_command
from api.cli.recommend import recommend
from api.cli.roads import roads_app
from api.cli.serve import serve_command
from api.cli.times import isochrone, times
from api.settings import Settings
from geo.errors import RescueError

REFUSED = 2

app = typer.Typer(
    name="rescuegrid",
    help="The nearest capable rescue teams and depots over the real road network, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("demo")(demo_command)
app.command("recommend")(recommend)
app.command("serve")(serve_command)
app.command("times")(times)
app.command("isochrone")(isochrone)
app.add_typer(roads_app, name="roads")
app.add_typer(conditions_app, name="conditions")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what a person can mend is one sentence on stderr and exit code 2."""
    try:
        app(arguments)
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
