"""Road conditions over HTTP: close or slow roads, list what stands, withdraw."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.conditions import (
    Added,
    ConditionAsked,
    add_condition,
    conditions_version,
    feature_of,
    list_conditions,
    one_condition,
    withdraw_condition,
)
from api.http.dependencies import CentreDep
from api.http.errors import ErrorSaid
from api.http.incidents import LARGEST_ID
from api.http.registry import Feature, FeatureCollection, GeoJsonResponse, Limit, Offset, page_links
from data.condition_facts import Standing
from data.registry.rows import Name

router = APIRouter(prefix="/road-conditions", tags=["road conditions"])

ConditionId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
StandingAsked = Annotated[
    Standing | Literal["all"], Query(description="which: those that stand so now, or all that ever were")
]


class ConditionIn(ConditionAsked):
    """A closure, or a slow-down by a factor or a preset."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "closure",
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [
                            [[114.29, 30.59], [114.3, 30.59], [114.3, 30.6], [114.29, 30.6], [114.29, 30.59]]
                        ],
                    },
                    "reason": "chlorine cloud",
                    "author": "duty desk",
                },
                {
                    "kind": "slowdown",
                    "geometry": {"type": "LineString", "coordinates": [[114.29, 30.59], [114.31, 30.6]]},
                    "factor": 2.5,
                    "reason": "one lane only",
                    "author": "traffic police",
                    "valid_to": "2199-01-01T06:00:00+08:00",
                },
            ]
        }
    )


class AddedOut(BaseModel):
    """The condition is added: every answer from now on minds it."""

    id: int
    conditions_version: int = Field(description="the first version that holds it")
    segments: int = Field(description="how many segments of the road network in use it covers")
    kilometres: float
    streets: list[str] = Field(description="the names of streets it covers, where they have any")
    links: dict[str, str]

    @classmethod
    def of(cls, added: Added) -> "AddedOut":
        """Say what was added."""
        return cls(
            id=added.condition.id,
            conditions_version=added.condition.added_in,
            segments=added.segments,
            kilometres=round(added.kilometres, 3),
            streets=list(added.streets),
            links={"self": f"/road-conditions/{added.condition.id}"},
        )


class WithdrawnOut(BaseModel):
    """The condition is withdrawn: no answer from now on minds it."""

    id: int
    conditions_version: int = Field(description="the first version without it")


class VersionOut(BaseModel):
    """The version of the road conditions; each addition and each withdrawal counts it up."""

    conditions_version: int


class ConditionsOut(FeatureCollection):
    """A page of road conditions, all of one version."""

    conditions_version: int
    at: datetime = Field(description="the moment at which they stand so")


@router.post("", status_code=201)
def add_road_condition(asked: ConditionIn, response: Response, centre: CentreDep) -> AddedOut:
    """Close or slow roads, at once and until withdrawn unless the body says otherwise."""
    added = AddedOut.of(add_condition(asked, centre))
    response.headers["Location"] = added.links["self"]
    return added


@router.get("", response_class=GeoJsonResponse)
def list_road_conditions(
    request: Request,
    centre: CentreDep,
    standing: StandingAsked = Standing.IN_FORCE,
    limit: Limit = 100,
    offset: Offset = 0,
) -> ConditionsOut:
    """Return road conditions as a GeoJSON FeatureCollection in WGS84, with the version they are of."""
    page = list_conditions(None if standing == "all" else standing, limit, offset, centre.sessions)
    return ConditionsOut(
        number_matched=page.matched,
        number_returned=len(page.conditions),
        features=[Feature.model_validate(feature_of(facts, page.at)) for facts in page.conditions],
        links=page_links(request, limit, offset, page.matched),
        conditions_version=page.version,
        at=page.at,
    )


@router.get("/version")
def read_version(centre: CentreDep) -> VersionOut:
    """Return the version of the road conditions, which each answer names as the one it used."""
    return VersionOut(conditions_version=conditions_version(centre.sessions))


@router.get("/{condition_id}", response_class=GeoJsonResponse)
def read_road_condition(condition_id: ConditionId, centre: CentreDep) -> Feature:
    """Return a road condition as recorded: they are never removed."""
    return Feature.model_validate(feature_of(one_condition(condition_id, centre.sessions), datetime.now(UTC)))


@router.delete("/{condition_id}", responses={409: {"model": ErrorSaid}})
def withdraw_road_condition(
    condition_id: ConditionId,
    who: Annotated[Name, Query(description="who withdraws it")],
    why: Annotated[Name, Query(description="why it no longer holds")],
    centre: CentreDep,
) -> WithdrawnOut:
    """Withdraw a road condition, once. It stays on record with who withdrew it and why."""
    withdrawal = withdraw_condition(condition_id, who, why, centre.sessions)
    return WithdrawnOut(id=condition_id, conditions_version=withdrawal.version)
