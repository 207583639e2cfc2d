"""What routes ask for: the command centre they serve, and how a request names itself."""

from typing import Annotated, cast

from fastapi import Depends, Request

from api.dispatching import Centre
from api.idempotent import Named


def _centre(request: Request) -> Centre:
    """Return the centre, or the one transaction in which a request that names itself does all it does."""
    return cast(Centre, getattr(request.state, "centre", request.app.state.centre))


def _named(request: Request) -> Named | None:
    return cast(Named | None, getattr(request.state, "named", None))


CentreDep = Annotated[Centre, Depends(_centre)]
NamedDep = Annotated[Named | None, Depends(_named)]
