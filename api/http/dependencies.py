"""What routes ask for: the command centre they serve."""

from typing import Annotated, cast

from fastapi import Depends, Request

from api.dispatching import Centre


def _centre(request: Request) -> Centre:
    return cast(Centre, request.app.state.centre)


CentreDep = Annotated[Centre, Depends(_centre)]
