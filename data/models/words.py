"""Closed vocabularies that the database holds as check constraints."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint


class Tier(StrEnum):
    """Who a team belongs to, in the order of the rescue plans."""

    ENTERPRISE_FULL_TIME = "enterprise-full-time"
    ENTERPRISE_PART_TIME = "enterprise-part-time"
    FIRE_BRIGADE = "fire-brigade"
    DISTRICT_COMPREHENSIVE = "district-comprehensive"
    PROFESSIONAL = "professional"
    VOLUNTEER = "volunteer"
    OTHER = "other"


class DepotTier(StrEnum):
    """The level of government, or the enterprise, that keeps a supply depot."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"


class AddsUp(StrEnum):
    """How the capabilities of several units come together."""

    ADDITIVE = "additive"
    MAXIMUM = "maximum"
    SQUADS = "squads"


class VehicleProfile(StrEnum):
    """The kind of vehicle a unit drives."""

    PASSENGER = "passenger"
    FIRE_ENGINE = "fire-engine"
    HEAVY_HAZMAT_TRUCK = "heavy-hazmat-truck"
    AMBULANCE = "ambulance"
    ON_FOOT = "on-foot"


class Staffing(StrEnum):
    """Whether the people of a team stand ready, come from other work, or from home."""

    FULL_TIME = "full-time"
    PART_TIME = "part-time"
    VOLUNTEER = "volunteer"


class Strength(StrEnum):
    """Whether a standard binds (应) or advises (宜)."""

    SHALL = "shall"
    SHOULD = "should"


class ClockStart(StrEnum):
    """From when a standard's clock runs."""

    ACCIDENT = "accident"
    ALARM = "alarm"
    ANSWER = "answer"
    ORDER = "order"
    DEPARTURE = "departure"


class ConditionKind(StrEnum):
    """What a road condition does to the roads it covers."""

    CLOSURE = "closure"
    SLOWDOWN = "slowdown"


class RoadPreset(StrEnum):
    """Surroundings that slow every road, each class by a factor of its own."""

    NIGHT = "night"
    ICE = "ice"
    FOG = "fog"


class IncidentStatus(StrEnum):
    """Where an incident stands; a closed one may be opened again, a merged one never."""

    OPEN = "open"
    UNDER_CONTROL = "under-control"
    CLOSED = "closed"
    MERGED = "merged"


class AssignmentState(StrEnum):
    """How far a unit has come with an incident, from the first thought of it to its release."""

    PROPOSED = "proposed"
    RESERVED = "reserved"
    ORDERED = "ordered"
    REQUESTED = "requested"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    MOBILISING = "mobilising"
    EN_ROUTE = "en-route"
    ON_SCENE = "on-scene"
    RETURNING = "returning"
    RELEASED = "released"
    REFUSED = "refused"
    CANCELLED = "cancelled"


ACTIVE_STATES = (
    AssignmentState.RESERVED,
    AssignmentState.ORDERED,
    AssignmentState.REQUESTED,
    AssignmentState.NOTIFIED,
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.MOBILISING,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
)
"""The states that bind a unit: it cannot have two of them."""
CLOSED_STATES = (AssignmentState.RELEASED, AssignmentState.REFUSED, AssignmentState.CANCELLED)
"""The states that end an assignment."""


class How(StrEnum):
    """Whether a unit is ours and is ordered, or another authority's and is asked for."""

    ORDER = "order"
    REQUEST = "request"


class ReservationState(StrEnum):
    """What became of supplies set aside; reserved and issued ones are spoken for."""

    RESERVED = "reserved"
    ISSUED = "issued"
    USED = "used"
    RETURNED = "returned"
    CANCELLED = "cancelled"


OPEN_RESERVATION_STATES = (ReservationState.RESERVED, ReservationState.ISSUED)
"""The states in which a reservation is spoken for."""


class AuditAction(StrEnum):
    """What was done to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class DrillForm(StrEnum):
    """Whether a drill was talked through at a table or done outside."""

    TABLETOP = "tabletop"
    PRACTICAL = "practical"


class DrillOrganiser(StrEnum):
    """Who held a drill; each has to hold its own so often."""

    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"
    TEAM = "team"


class StationClass(StrEnum):
    """The class of a fire station, which tells how large an area it should answer for."""

    CLASS_1 = "class-1"
    CLASS_2 = "class-2"
    SMALL = "small"
    SUBURBAN = "suburban"


def listed(words: Iterable[StrEnum]) -> str:
    """Return words as SQL lists them."""
    return ", ".join(f"'{word.value}'" for word in words)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that holds a column to a vocabulary."""
    return CheckConstraint(f"{column} IN ({listed(words)})", name=f"{column}_known")


def not_negative(column: str) -> CheckConstraint:
    """Return the constraint that a number is finite and at least zero; NaN sorts above infinity."""
    return CheckConstraint(f"{column} >= 0 AND {column} < 'Infinity'", name=f"{column}_not_negative")


def positive(column: str) -> CheckConstraint:
    """Return the constraint that a number is finite and above zero."""
    return CheckConstraint(f"{column} > 0 AND {column} < 'Infinity'", name=f"{column}_positive")


def on_earth(column: str) -> CheckConstraint:
    """Return the constraint that a geometry is not empty and lies within the degrees of WGS84."""
    inside = " AND ".join(
        (
            f"NOT ST_IsEmpty({column})",
            f"ST_XMin({column}) >= -180",
            f"ST_XMax({column}) <= 180",
            f"ST_YMin({column}) >= -90",
            f"ST_YMax({column}) <= 90",
        )
    )
    return CheckConstraint(inside, name=f"{column}_on_earth")


def not_blank(column: str) -> CheckConstraint:
    """Return the constraint that a text column holds more than spaces."""
    return CheckConstraint(f"btrim({column}) <> ''", name=f"{column}_not_blank")
