"""The service: its routes, its errors, and a word on each for those who read its OpenAPI."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from api.dispatching import Centre, newest_answered_incident
from api.http import (
    assignments,
    audit,
    clocks,
    conditions,
    docs,
    errors,
    health,
    incident_life,
    incidents,
    joint,
    papers,
    plans,
    registry,
    units,
    waiting,
    webhooks,
)
from api.http.bounds import BoundedBody
from api.http.dependencies import CentreDep
from api.http.errors import ErrorSaid
from api.http.idempotent import Idempotent, describe

WELCOME = """
The nearest **capable** rescue teams and depots over the real road network, and why.

1. `POST /incidents` records a call, commits it, then makes the first recommendation.
2. `GET /incidents/{id}/recommendation` returns it, byte for byte the same each time;
   `POST /incidents/{id}/recommendation` makes a new, numbered one.
3. `GET /incidents/{id}/map` shows it on a map in one file that needs no internet.
4. `POST /road-conditions` closes or slows roads: every answer from then on minds it.
5. Every kind of row that has a place can be read as GeoJSON, by bounding box and page.
6. `GET /plans`, `/standards`, `/authorities` and `/agreements` show what decisions rest on; `POST` writes it.
7. `POST /webhooks` lets other systems hear of each event as it happens, signed and retried.
8. `POST /incidents/{id}/dispatch` claims what a person confirms; `POST /assignments/{id}/steps` logs how far
   each comes, by one message; `GET /waiting` shows who still needs what.
9. `POST /incidents/{id}/merge`, `/under-control`, `/close` and `/reopen` say what becomes of an incident.
10. `GET /audit` tells who changed what, when and from where; nobody can change what it tells.

Any `POST` may name itself with the header `Idempotency-Key`: sent again, it is answered the same
and done once.

Coordinates are WGS84, longitude first. Times are seconds from the order. What cannot be is `null`, with a
reason.
"""


def create_app(centre: Centre) -> FastAPI:
    """Build the service around a command centre."""
    app = FastAPI(
        title="RescueGrid",
        version=version("rescuegrid"),
        description=WELCOME,
        docs_url=None,
        redoc_url=None,
        responses={422: {"model": ErrorSaid}, 503: {"model": ErrorSaid}},
    )
    app.state.centre = centre
    app.add_middleware(Idempotent, centre=centre)
    app.add_middleware(BoundedBody)
    errors.install(app)
    docs.install(app)
    app.include_router(incidents.router)
    app.include_router(incident_life.router)
    app.include_router(assignments.router)
    app.include_router(waiting.router)
    app.include_router(clocks.router)
    app.include_router(papers.router)
    app.include_router(joint.router)
    app.include_router(conditions.router)
    app.include_router(registry.router)
    app.include_router(units.router)
    app.include_router(plans.router)
    app.include_router(webhooks.router)
    app.include_router(audit.router)
    app.include_router(health.router)
    describe(app)
    app.add_api_route("/", _front_page, methods=["GET"], include_in_schema=False)
    return app


def _front_page(centre: CentreDep) -> RedirectResponse:
    newest = newest_answered_incident(centre)
    return RedirectResponse("/docs" if newest is None else f"/incidents/{newest}/map")
