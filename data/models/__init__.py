"""The tables: hazards, responders, supplies, plans, records, incidents and their life, roads, words."""

from data.models.assignments import Assignment, AssignmentTransition
from data.models.audit import Audit
from data.models.authorities import Agreement, Authority
from data.models.base import Base
from data.models.conditions import RoadCondition, RoadConditionsVersion
from data.models.hazards import GbSubstance, GbUnit, HazardSource
from data.models.incidents import DecisionInput, Event, Incident, IncidentTransition, Recommendation
from data.models.outbox import IdempotencyKey, Webhook, WebhookDelivery
from data.models.plans import PlanContact, PlanNeed, PlanStandard, PlanSupply, ResponsePlan
from data.models.positions import UnitPosition
from data.models.records import Drill, Enterprise, StationArea
from data.models.responders import RescueBase, Team, Unit, UnitCapability
from data.models.standards import Standard
from data.models.supplies import Depot, Reservation, ReservationTransition, Stock
from data.models.vocabulary import Capability, HazardKind, IncidentKind
from data.models.words import (
    ACTIVE_STATES,
    CLOSED_STATES,
    OPEN_RESERVATION_STATES,
    AddsUp,
    AssignmentState,
    AuditAction,
    ClockStart,
    ConditionKind,
    DepotTier,
    DrillForm,
    DrillOrganiser,
    How,
    IncidentStatus,
    ReservationState,
    RoadPreset,
    Staffing,
    StationClass,
    Strength,
    Tier,
    VehicleProfile,
)

__all__ = [
    "ACTIVE_STATES",
    "CLOSED_STATES",
    "OPEN_RESERVATION_STATES",
    "AddsUp",
    "Agreement",
    "Assignment",
    "AssignmentState",
    "AssignmentTransition",
    "Audit",
    "AuditAction",
    "Authority",
    "Base",
    "Capability",
    "ClockStart",
    "ConditionKind",
    "DecisionInput",
    "Depot",
    "DepotTier",
    "Drill",
    "DrillForm",
    "DrillOrganiser",
    "Enterprise",
    "Event",
    "GbSubstance",
    "GbUnit",
    "HazardKind",
    "HazardSource",
    "How",
    "IdempotencyKey",
    "Incident",
    "IncidentKind",
    "IncidentStatus",
    "IncidentTransition",
    "PlanContact",
    "PlanNeed",
    "PlanStandard",
    "PlanSupply",
    "Recommendation",
    "RescueBase",
    "Reservation",
    "ReservationState",
    "ReservationTransition",
    "ResponsePlan",
    "RoadCondition",
    "RoadConditionsVersion",
    "RoadPreset",
    "Staffing",
    "Standard",
    "StationArea",
    "StationClass",
    "Stock",
    "Strength",
    "Team",
    "Tier",
    "Unit",
    "UnitCapability",
    "UnitPosition",
    "VehicleProfile",
    "Webhook",
    "WebhookDelivery",
]
