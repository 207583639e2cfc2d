"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

VarDir = Annotated[
    Path,
    typer.Option(
        "--var",
        metavar="DIR",
        envvar="RESCUEGRID_VAR",
        help="Where RescueGrid keeps its files; the road networks lie in DIR/roads.",
    ),
]
DEFAULT_VAR = Path("var")
LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1


def roads_root(var: Path) -> Path:
    """Return the folder of the stored road networks."""
    return var / "roads"


def places_folder(var: Path) -> Path:
    """Return the folder of what was fetched of places by their names."""
    return var / "downloads" / "places"
