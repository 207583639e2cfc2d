"""Whether the service can answer."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from api.http.dependencies import CentreDep
from data.database import transaction

router = APIRouter(tags=["health"])


class RoadsHealth(BaseModel):
    """The road network in use."""

    name: str
    hash: str
    nodes: int
    directed_edges: int


class Health(BaseModel):
    """All is well; where it is not, the answer is a 503 with the reason."""

    status: str = "ok"
    roads: RoadsHealth


@router.get("/health")
def health(centre: CentreDep) -> Health:
    """Ask the database, and name the road network in use."""
    with transaction(centre.sessions) as session:
        session.execute(select(1))
    stored = centre.roads.stored
    return Health(
        roads=RoadsHealth(
            name=stored.name, hash=stored.hash, nodes=stored.nodes, directed_edges=stored.directed_edges
        )
    )
