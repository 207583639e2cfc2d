"""``rescuegrid serve``: the service over HTTP."""

from typing import Annotated

import typer

from api.cli.options import DEFAULT_VAR, VarDir
from api.opening import open_centre
from api.serving import serve
from api.settings import Settings

FIELDS = Settings.model_fields


Roads = Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")]
Host = Annotated[
    str,
    typer.Option(
        envvar="RESCUEGRID_HOST", help="Address to listen on; the world sees it only if you say so."
    ),
]
Port = Annotated[int, typer.Option(min=1, max=65535, envvar="RESCUEGRID_PORT", help="Port to listen on.")]


def serve_command(
    *,
    roads: Roads = FIELDS["roads"].default,
    host: Host = FIELDS["host"].default,
    port: Port = FIELDS["port"].default,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Serve the API, its documentation and the maps until Ctrl-C.

    Without `DATABASE_URL` the private database under DIR/postgres is started, and kept running.
    """
    settings = Settings(roads=roads, host=host, port=port, var=var)
    with open_centre(settings) as centre:
        home = f"http://{settings.host}:{settings.port}"
        serve(centre, lambda: typer.echo(f"Serving on {home}/ (API: /docs); Ctrl-C ends it."))
