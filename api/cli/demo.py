"""``rescuegrid demo``: the main job, end to end, on a real city."""

from typing import Annotated

import typer

from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.serve import FIELDS, Port
from api.cli.tables import print_answer
from api.demo import Town, demo_centre, play, settings_for
from api.serving import serve


def demo_command(
    *,
    town: Annotated[
        Town,
        typer.Option(help="wuhan: a real city, fetched once; generated: a made-up town, nothing fetched."),
    ] = Town.WUHAN,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve API and map afterwards.")] = True,
    port: Port = FIELDS["port"].default,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Load a city, record one incident, recommend, draw the map, and serve it all until Ctrl-C.

    The answer is printed and written to DIR/demo/incident.json, the map to DIR/demo/incident.html.
    """
    settings = settings_for(town, var, port=port)
    with demo_centre(town, settings, _say) as centre:
        shown = play(centre, var / "demo", _say)
        print_answer(shown.answer)
        _say(f"the answer as data: {shown.answer_file}")
        _say(f"the map, one file that opens anywhere: {shown.map_file}")
        if serving:
            incident = shown.answer.incident.id
            home = f"http://{settings.host}:{settings.port}"
            maps = f"{home}/incidents/{incident}/map"
            serve(centre, lambda: _say(f"serving {maps} and {home}/docs until Ctrl-C"))


def _say(step: str) -> None:
    typer.echo(f"demo: {step}", err=True)
