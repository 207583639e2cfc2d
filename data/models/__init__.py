"""The tables: hazards, responders, supplies, incidents, road conditions, and the vocabularies they use."""

from data.models.base import Base
from data.models.conditions import RoadCondition, RoadConditionsVersion
from data.models.hazards import GbSubstance, GbUnit, HazardSource
from data.models.incidents import Event, Incident, Recommendation
from data.models.responders import RescueBase, Team, Unit, UnitCapability
from data.models.supplies import Depot, Stock
from data.models.vocabulary import Capability, HazardKind, IncidentKind
from data.models.words import (
    AddsUp,
    ConditionKind,
    DepotTier,
    IncidentStatus,
    RoadPreset,
    Tier,
    VehicleProfile,
)

__all__ = [
    "AddsUp",
    "Base",
    "Capability",
    "ConditionKind",
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
    "Recommendation",
    "RescueBase",
    "RoadCondition",
    "RoadConditionsVersion",
    "RoadPreset",
    "Stock",
    "Team",
    "Tier",
    "Unit",
    "UnitCapability",
    "VehicleProfile",
]
