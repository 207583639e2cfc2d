"""What a registry row must say before it may be written. Every field is checked; nothing is guessed."""

from datetime import date
from typing import Annotated, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
    model_validator,
)
from shapely import Geometry, Point
from shapely.geometry.base import BaseGeometry

from data.measures import check_unit
from data.models import DepotTier, Staffing, Tier, VehicleProfile
from geo.grading import GbUnit
from geo.places import Place

AnyDate = TypeVar("AnyDate", bound=date)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it holds control characters")
    return text


def _of_our_times(moment: AnyDate) -> AnyDate:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"its year is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return moment


def _lines_printable(text: str) -> str:
    if not all(line.isprintable() for line in text.split("\n")):
        raise ValueError("it holds control characters")
    return text


EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_printable)]
Name = Annotated[Line, StringConstraints(min_length=1)]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(_lines_printable)
]
Day = Annotated[date, AfterValidator(_of_our_times)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_times)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Quantity = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Severity = Annotated[int, Field(ge=1, le=4, description="1 is the worst (特别重大), 4 the least (一般)")]
STAFFING = {Tier.ENTERPRISE_PART_TIME: Staffing.PART_TIME, Tier.VOLUNTEER: Staffing.VOLUNTEER}
Grade = Annotated[int, Field(ge=1, le=4, description="the level of a major hazard: 1 is the worst")]
HAZARD_SHAPES = ("Point", "LineString", "Polygon")


class Checked(BaseModel):
    """Something to write whose every field is checked; a misspelt one is refused, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class NewRow(Checked):
    """A row not written yet, which says whether it is made up."""

    synthetic: bool = False


class NewBase(NewRow):
    """A rescue base."""

    name: Name
    place: Place
    address: Line = ""
    contact: Line = ""
    phone: Line = ""


def staffing_of(tier: Tier) -> Staffing:
    """Return how teams of a tier are staffed where nobody says otherwise."""
    return STAFFING.get(tier, Staffing.FULL_TIME)


class NewTeam(NewRow):
    """
    A team at a base that is written already.

    It is ours unless an authority is named. The hazard source it guards, if any, is named too.
    """

    base: Name
    name: Name
    kind: Name
    tier: Tier
    call_sign: Name
    staffing: Staffing = Field(default_factory=lambda said: staffing_of(said["tier"]))
    authority: Name | None = None
    hazard_source: Name | None = None
    radio: Line = ""
    contact: Line = ""
    phone: Line = ""


class Share(Checked):
    """
    What a unit brings of a capability.

    ``crew`` are the people it ties up, where the capability and the quantity do not tell; ``valid_until`` is
    the last day of the crew's certificate.
    """

    quantity: Positive
    level: Quantity = 0.0
    crew: Annotated[int, Field(ge=0)] | None = None
    valid_until: Day | None = None


def _as_share(given: object) -> object:
    return {"quantity": given} if isinstance(given, int | float) else given


class NewUnit(NewRow):
    """
    A unit of a team that is written already; without a position it stands at its base.

    A bare number among its capabilities is a share of that quantity.
    """

    team: Name
    name: Name
    vehicle_profile: VehicleProfile
    crew: Annotated[int, Field(gt=0, le=500)]
    turnout_s: Seconds
    capabilities: dict[Name, Annotated[Share, BeforeValidator(_as_share)]]
    in_service: bool = True
    position: Place | None = None
    position_at: Moment | None = None

    @model_validator(mode="after")
    def _crew_is_large_enough(self) -> Self:
        for code, share in self.capabilities.items():
            if share.crew is not None and share.crew > self.crew:
                raise ValueError(f"{code} ties up {share.crew} people, but the crew is {self.crew}")
        return self

    @model_validator(mode="after")
    def _position_has_its_time(self) -> Self:
        if (self.position is None) != (self.position_at is None):
            raise ValueError("a position and its time belong together: give both or neither")
        return self


class NewStock(NewRow):
    """
    How much of an item a depot holds, in which batch.

    ``expires_on`` is the last day of use; what is still to be produced is there only after some time.
    """

    item: Name
    unit_of_measure: str
    quantity: Quantity
    minimum: Quantity = 0.0
    batch: Line = ""
    expires_on: Day | None = None
    available_after_s: Seconds = 0.0

    @field_validator("unit_of_measure")
    @classmethod
    def _known(cls, unit: str) -> str:
        check_unit(unit)
        return unit


class NewDepot(NewRow):
    """A supply depot with its stock."""

    name: Name
    tier: DepotTier
    place: Place
    loading_s: Seconds
    delivers: bool
    contact: Line = ""
    phone: Line = ""
    stock: tuple[NewStock, ...] = ()


class NewHazardSource(NewRow):
    """A hazard source with its GB 18218 units; a source that holds no listed substance has none."""

    name: Name
    kind: Name
    enterprise: Name
    place: Geometry
    contact: Line = ""
    phone: Line = ""
    gb_units: tuple[GbUnit, ...] = ()

    @field_validator("place")
    @classmethod
    def _simple_and_on_earth(cls, shape: BaseGeometry) -> BaseGeometry:
        if shape.geom_type not in HAZARD_SHAPES or shape.is_empty or not shape.is_valid:
            raise ValueError(f"a valid point, line or polygon is needed, this is {shape.wkt[:60]}")
        west, south, east, north = shape.bounds
        for lon, lat in ((west, south), (east, north)):
            Place(lon, lat)
        return shape


class NewIncident(NewRow):
    """A call as it came in, the hazard source it is about if known, and the plan it follows, copied."""

    kind: Name
    severity: Severity
    place: Place
    reported_at: Moment
    reported_by: Name
    substance: Line | None = None
    hazard_source_id: int | None = None
    plan: dict[str, JsonValue] | None = None


def point(place: Place) -> Point:
    """Return the place as a shapely point."""
    return Point(place.lon, place.lat)
