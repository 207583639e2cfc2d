"""What a survey of resources says, for people and programs."""

from datetime import date

from api.answer_base import LonLat, Said


class ShareSaid(Said):
    """How many of how many are as the plans ask, and that of a hundred; None where there is none."""

    good: int
    of: int
    percent: float | None


class SummarySaid(Said):
    """
    The survey in percentages, each of which the plans want at 100.

    ``provided`` are enterprises with a team of their own or an agreement in force; ``equipped`` are graded
    sources that lack nothing within reach; ``in_time`` those where besides nothing comes later than due;
    ``verified`` are rows that were ever checked against the place, ``current`` those not too long ago.
    """

    provided: ShareSaid
    equipped: ShareSaid
    in_time: ShareSaid
    verified: ShareSaid
    current: ShareSaid


class EnterpriseSaid(Said):
    """An enterprise that runs hazard sources, and who stands by it on the day of the survey."""

    name: str
    headcount: int | None
    grade: int | None
    sources: list[str]
    teams: list[str]
    agreements: list[str]
    lapsed: list[str]
    provided: bool
    synthetic: bool


class CapabilitySaid(Said):
    """
    How a capability fares with everybody within reach.

    ``available`` is what could come if everybody filled this role alone. ``missing`` is what is short once
    every crew fills one role at a time; of a level asked of one crew, the crew. ``complete_s`` counts from
    the order.
    """

    label: str
    adds_up: str
    level: float | None
    needed: float
    available: float
    missing: float
    complete_s: float | None
    due_s: float | None
    late: bool


class SupplySaid(Said):
    """
    How an item fares with every depot whose load would be there in time.

    ``available`` is fresh and above the minimum; ``to_fetch`` of it lies at depots that do not deliver.
    ``producible`` can be made besides from ``produced_from_s`` on, and does not count.
    """

    item: str
    unit_of_measure: str
    needed: float
    available: float
    to_fetch: float
    producible: float
    produced_from_s: float | None
    missing: float
    complete_s: float | None
    due_s: float | None
    late: bool


class SourceSaid(Said):
    """
    What a graded source needs for the gravest incident that fits it, against what stands within reach.

    ``plan`` is None where ``why_none`` tells why nobody knows what it needs: that is a gap too.
    """

    id: int
    name: str
    enterprise: str
    kind: str
    grade: int
    synthetic: bool
    place: LonLat
    incident_kind: str | None
    substances: list[str]
    plan: str | None
    why_none: str | None
    first_s: float | None
    gaps: int
    capabilities: list[CapabilitySaid]
    supplies: list[SupplySaid]


class TableSaid(Said):
    """How many rows of a table were verified, by when; ``stale`` ones were, but too long ago."""

    table: str
    rows: int
    never: int
    stale: int
    percent_verified: float
    percent_current: float


class UnverifiedSaid(Said):
    """A row never verified, or too long ago; ``days`` is how long, None where never."""

    table: str
    id: int
    name: str
    verified_on: date | None
    verified_by: str | None
    days: int | None
    synthetic: bool


class SurveyAnswer(Said):
    """The resource survey of one day; in every list the worst comes first."""

    roads: str
    roads_hash: str
    licence: str
    day: date
    within_s: float
    stale_days: int
    summary: SummarySaid
    enterprises: list[EnterpriseSaid]
    sources: list[SourceSaid]
    tables: list[TableSaid]
    unverified: list[UnverifiedSaid]
    notes: list[str]
