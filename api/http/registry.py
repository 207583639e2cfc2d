"""Read access to every kind of row as GeoJSON."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.datastructures import URL

from api.http.dependencies import CentreDep
from data.database import transaction
from data.feature_collections import COLLECTIONS
from data.features import BoundingBox, Collection, page
from geo.errors import InvalidInputError
from geo.places import Place

MOST_PER_PAGE = 1000
MOST_SKIPPED = 2**62
GEOJSON = "application/geo+json"
SIDES = 4
Rel = Literal["self", "next", "prev"]

router = APIRouter(tags=["registry"])


class GeoJsonResponse(JSONResponse):
    """JSON under the name that RFC 7946 gives it."""

    media_type = GEOJSON


class Feature(BaseModel):
    """A GeoJSON feature (RFC 7946), WGS84, lon-lat."""

    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class Link(BaseModel):
    """Where to go on."""

    rel: Rel
    href: str
    type: str = GEOJSON


class FeatureCollection(BaseModel):
    """A page of features; follow the link ``next`` until there is none."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    number_matched: int = Field(serialization_alias="numberMatched")
    number_returned: int = Field(serialization_alias="numberReturned")
    features: list[Feature]
    links: list[Link]


Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE, description="how many features a page")]
Offset = Annotated[
    int, Query(ge=0, le=MOST_SKIPPED, description="how many to skip, in ascending order of id")
]
Bbox = Annotated[
    str | None,
    Query(
        description="west,south,east,north in degrees: only what touches it; west beyond east crosses 180°",
        examples=["114.2,30.5,114.4,30.7"],
    ),
]


def parse_bbox(text: str) -> BoundingBox:
    """Read ``west,south,east,north``."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInputError("bbox", f"{text!r} is not west,south,east,north in degrees") from None
    try:
        Place(west, south), Place(east, north)
    except InvalidInputError as error:
        raise InvalidInputError("bbox", error.reason) from None
    if south > north:
        raise InvalidInputError("bbox", f"south {south} lies north of north {north}")
    return BoundingBox(west, south, east, north)


def _reader(collection: Collection) -> Callable[..., FeatureCollection]:
    def read(
        request: Request, centre: CentreDep, bbox: Bbox = None, limit: Limit = 100, offset: Offset = 0
    ) -> FeatureCollection:
        box = None if bbox is None else parse_bbox(bbox)
        with transaction(centre.sessions) as session:
            found = page(session, collection, box, limit, offset)
        return FeatureCollection(
            number_matched=found.matched,
            number_returned=len(found.features),
            features=[Feature.model_validate(feature) for feature in found.features],
            links=page_links(request, limit, offset, found.matched),
        )

    return read


def page_links(
    request: Request, limit: int, offset: int, matched: int, media_type: str = GEOJSON
) -> list[Link]:
    """Return the links to this page, the next and the one before."""
    hrefs: list[tuple[Rel, URL]] = [("self", request.url)]
    if offset + limit < matched:
        hrefs.append(("next", request.url.include_query_params(offset=offset + limit)))
    if offset > 0:
        hrefs.append(("prev", request.url.include_query_params(offset=max(offset - limit, 0))))
    return [Link(rel=rel, href=str(href), type=media_type) for rel, href in hrefs]


for kind, collection in COLLECTIONS.items():
    router.add_api_route(
        f"/{kind}",
        _reader(collection),
        methods=["GET"],
        summary=collection.title,
        description="A GeoJSON FeatureCollection in WGS84, a page at a time.",
        operation_id=f"read_{kind.replace('-', '_')}",
        response_model=FeatureCollection,
        response_class=GeoJsonResponse,
    )
