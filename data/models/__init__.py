"""The tables: hazards, responders, supplies, plans, incidents, road conditions, and their vocabularies."""

from data.models.authorities import Agreement, Authority
from data.models.base import Base
from data.models.conditions import RoadCondition, RoadConditionsVersion
from data.models.hazards import GbSubstance, GbUnit, HazardSource
from data.models.incidents import DecisionInput, Event, Incident, Recommendation
from data.models.plans import PlanContact, PlanNeed, PlanStandard, PlanSupply, ResponsePlan
from data.models.responders import RescueBase, Team, Unit, UnitCapability
from data.models.standards import Standard
from data.models.supplies import Depot, Stock
from data.models.vocabulary import Capability, HazardKind, IncidentKind
from data.models.words import (
    AddsUp,
    ClockStart,
    ConditionKind,
    DepotTier,
    IncidentStatus,
    RoadPreset,
    Staffing,
    Strength,
    Tier,
    VehicleProfile,
)

__all__ = [
    "AddsUp",
    "Agreement",
    "Authority",
    "Base",
    "Capability",
    "ClockStart",
    "ConditionKind",
    "DecisionInput",
    "Depot",
    "DepotTier",
    "Event",
    "GbSubstance",
    "GbUnit",
    "HazardKind",
    "HazardSource",
    "Incident",
    "IncidentKind",
    "IncidentStatus",
    "PlanContact",
    "PlanNeed",
    "PlanStandard",
    "PlanSupply",
    "Recommendation",
    "RescueBase",
    "ResponsePlan",
    "RoadCondition",
    "RoadConditionsVersion",
    "RoadPreset",
    "Staffing",
    "Standard",
    "Stock",
    "Strength",
    "Team",
    "Tier",
    "Unit",
    "UnitCapability",
    "VehicleProfile",
]
