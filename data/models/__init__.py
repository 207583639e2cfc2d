"""The tables: hazard sources, responders, supplies, incidents, and the vocabularies they use."""

from data.models.base import Base
from data.models.hazards import GbSubstance, GbUnit, HazardSource
from data.models.incidents import Event, Incident, Recommendation
from data.models.responders import RescueBase, Team, Unit, UnitCapability
from data.models.supplies import Depot, Stock
from data.models.vocabulary import Capability, HazardKind, IncidentKind
from data.models.words import AddsUp, DepotTier, IncidentStatus, Tier, VehicleProfile

__all__ = [
    "AddsUp",
    "Base",
    "Capability",
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
    "Stock",
    "Team",
    "Tier",
    "Unit",
    "UnitCapability",
    "VehicleProfile",
]
