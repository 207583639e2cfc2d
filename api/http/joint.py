"""Several incidents at once over HTTP."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import CentreDep
from api.joint import MOST, recommend_jointly
from api.joint_answer import JointAnswer

LARGEST_ID = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
MOST_BOUND = 10_000

router = APIRouter(tags=["incidents"])


class BoundIn(BaseModel):
    """A unit that is bound to an incident already."""

    model_config = ConfigDict(extra="forbid")

    unit: Id
    incident: Id


class JointIn(BaseModel):
    """The incidents to choose for, and the units that are bound."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"incidents": [1, 2], "bound": [{"unit": 7, "incident": 3}]}]},
    )

    incidents: list[Id] = Field(max_length=MOST)
    bound: list[BoundIn] = Field(
        default=[],
        max_length=MOST_BOUND,
        description="units taken to be bound, besides those that are sent to an incident already",
    )


@router.post("/joint-recommendation")
def recommend_for_several(body: JointIn, centre: CentreDep) -> JointAnswer:
    """Choose for several incidents, each unit to one of them; nothing is kept or claimed."""
    return recommend_jointly(body.incidents, {one.unit: one.incident for one in body.bound}, centre)
