"""The story of road conditions: somebody closes or slows roads, everybody's next answer minds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self

import numpy as np
import shapely
from pydantic import AfterValidator, Field, model_validator
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from api.dispatching import Centre
from api.live_roads import LiveRoads
from data import conditions
from data.condition_facts import ConditionFacts, ConditionsPage, Standing, Withdrawal
from data.database import Sessions, transaction
from data.registry.conditions import (
    ConditionTerms,
    NamedSegments,
    NewRoadCondition,
    Segment,
    Shape,
    check_shape,
)
from geo.errors import InvalidInputError
from geo.places import Place
from routing.covering import BESIDE_M, POINT_REACH_M, RoadCover, Segments

MOST_SEGMENTS = 100_000
M_PER_KM = 1000
LINES = ("LineString", "MultiLineString")


class ConditionAsked(ConditionTerms):
    """A road condition as somebody states it: terms, and a shape or segments of the roads in use."""

    geometry: Annotated[Shape, AfterValidator(check_shape)] | None = Field(
        default=None,
        description="an area (every road that enters it), a line (the roads it runs along) or a point (the "
        "nearest road)",
    )
    segments: Annotated[tuple[Segment, ...], Field(min_length=1, max_length=MOST_SEGMENTS)] | None = Field(
        default=None, description="instead of a geometry: numbers of segments of the road network in use"
    )

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.geometry is None) == (self.segments is None):
            raise ValueError("give a geometry or segments, one of them")
        return self


@dataclass(frozen=True)
class Added:
    """A road condition that was added, and how much of the roads in use it covers."""

    condition: ConditionFacts
    segments: int
    kilometres: float
    streets: tuple[str, ...]


def add_condition(asked: ConditionAsked, centre: Centre) -> Added:
    """Add a road condition; one that covers no road where one was surely meant is refused."""
    roads = centre.roads
    row = _row(asked, roads)
    covered = _covered(row, roads)
    if asked.geometry is not None and not len(covered):
        _refuse_what_misses_the_roads(asked.geometry, roads)
    with transaction(centre.sessions) as session:
        condition = conditions.add(session, row)
    network = roads.network
    names = np.unique(network.street_names[network.street[covered]])
    return Added(
        condition=condition,
        segments=len(covered),
        kilometres=float(network.length_m[covered].sum()) / M_PER_KM,
        streets=tuple(str(name) for name in names if name),
    )


def withdraw_condition(condition_id: int, who: str, why: str, sessions: Sessions) -> Withdrawal:
    """Withdraw a road condition: from the next answer on it is gone."""
    with transaction(sessions) as session:
        return conditions.withdraw(session, condition_id, who, why)


def list_conditions(standing: Standing | None, limit: int, offset: int, sessions: Sessions) -> ConditionsPage:
    """Return the road conditions that stand so at this moment, all of one version; of all where None."""
    with transaction(sessions) as session:
        return conditions.listing(session, standing, limit, offset)


def one_condition(condition_id: int, sessions: Sessions) -> ConditionFacts:
    """Return a road condition as recorded."""
    with transaction(sessions) as session:
        return conditions.facts(session, condition_id)


def conditions_version(sessions: Sessions) -> int:
    """Return the version of the road conditions."""
    with transaction(sessions) as session:
        return conditions.current_version(session)


def feature_of(facts: ConditionFacts, at: datetime) -> dict[str, Any]:
    """Return a condition as a GeoJSON feature (RFC 7946), with where it stands at a moment."""
    gone, named = facts.withdrawal, facts.segments
    return {
        "type": "Feature",
        "id": facts.id,
        "geometry": mapping(shapely.orient_polygons(facts.shape)),
        "properties": {
            "kind": facts.kind,
            "standing": facts.standing(at),
            "factor": facts.factor,
            "preset": facts.preset,
            "reason": facts.reason,
            "author": facts.author,
            "valid_from": facts.valid_from.isoformat(),
            "valid_to": facts.valid_to and facts.valid_to.isoformat(),
            "created_at": facts.created_at.isoformat(),
            "added_in": facts.added_in,
            "roads": named and named.roads,
            "segments": named and list(named.numbers),
            "withdrawn_at": gone and gone.at.isoformat(),
            "withdrawn_by": gone and gone.by,
            "withdrawn_why": gone and gone.why,
            "withdrawn_in": gone and gone.version,
            "synthetic": facts.synthetic,
        },
    }


def _row(asked: ConditionAsked, roads: LiveRoads) -> NewRoadCondition:
    terms = asked.model_dump(exclude={"geometry", "segments"})
    if asked.segments is None:
        return NewRoadCondition(**terms, shape=asked.geometry)
    numbers = np.unique(np.array(asked.segments, dtype=np.int64))
    named = NamedSegments(roads=roads.stored.name, roads_hash=roads.stored.hash, numbers=numbers.tolist())
    return NewRoadCondition(
        **terms, shape=RoadCover(roads.network, roads.index).shape(numbers), segments=named
    )


def _covered(row: NewRoadCondition, roads: LiveRoads) -> Segments:
    if row.segments is not None:
        return np.array(row.segments.numbers, dtype=np.int64)
    return RoadCover(roads.network, roads.index).segments(row.shape)


def _refuse_what_misses_the_roads(shape: BaseGeometry, roads: LiveRoads) -> None:
    spot = shape.representative_point()
    roads.refuse_swapped(Place(spot.x, spot.y))
    if shape.geom_type == "Point":
        off_m = float(roads.index.snap(np.array([spot.x]), np.array([spot.y])).off_m[0])
        raise InvalidInputError(
            "geometry",
            f"the nearest road in {roads.stored.name} is {off_m:,.0f} m away; a point must lie within "
            f"{POINT_REACH_M:g} m of the road it means",
        )
    if shape.geom_type in LINES:
        raise InvalidInputError(
            "geometry",
            f"the line runs along no road in {roads.stored.name}; draw it within {BESIDE_M:g} m of its road",
        )
