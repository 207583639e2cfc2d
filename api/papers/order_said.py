"""An order as it is said."""

from datetime import datetime

from pydantic import Field

from api.answer import StepSaid
from api.answer_base import LineString, LonLat, Said, Words
from api.answer_choice import ContactSaid, RoleSaid
from api.papers.sites import SiteSaid


class CrewSaid(Said):
    """Who is ordered, and how to reach them."""

    unit_id: int
    unit: str
    team: str
    tier: Words
    call_sign: str
    radio: str
    crew: int
    vehicle_profile: str
    contact: str
    phone: str
    base: str
    base_phone: str
    authority: str | None = Field(description="whom it is requested from; null where it is ours")
    approver: str | None
    authority_phone: str | None


class TaskSaid(Said):
    """What the unit is sent for."""

    role: RoleSaid
    words: Words


class ArrivalSaid(Said):
    """When it should be there, by the clock; null where nothing was predicted."""

    from_at: datetime = Field(description="the order, from which the times count")
    turnout_s: float | None
    travel_s: float | None
    distance_m: float | None
    p50_at: datetime | None = Field(description="as likely earlier as later")
    p90_at: datetime | None = Field(description="nine times of ten it is there by then")


class OrderSaid(Said):
    """An order as the unit gets it."""

    assignment_id: int
    incident_id: int
    recommendation_number: int | None
    printed_at: datetime
    state: str
    state_words: Words
    warning: Words | None = Field(description="why it is not to be followed; null where it is")
    how: Words
    crew: CrewSaid
    tasks: list[TaskSaid] = Field(description="empty where it is only alerted")
    kind: Words
    severity: int
    severity_words: Words
    substance: str | None
    reported_at: datetime
    reported_by: str
    text: list[str] = Field(description="the plan's order, paragraph by paragraph")
    plan: str
    place: LonLat
    road_place: LonLat | None = Field(description="where the incident meets the road; null where unknown")
    off_road_m: float | None = Field(description="from there to the incident, on foot")
    geo: str = Field(description="the destination as the QR code has it")
    site: SiteSaid | None
    arrival: ArrivalSaid
    start: LonLat
    route: LineString | None
    steps: list[StepSaid]
    why_no_route: Words | None
    roads_minded: list[Words] = Field(description="the road conditions that the way minds")
    action_card: list[str] = Field(description="应急处置卡, paragraph by paragraph")
    contacts: list[ContactSaid]
    lead_department: str
    synthetic: bool
