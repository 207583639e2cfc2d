"""The registry's door for writing: what a row must say, and the functions that write it."""

from data.registry.authorities import NewAgreement, NewAuthority, add_agreements, add_authorities
from data.registry.plans import NewContact, NewNeed, NewPlan, NewSupply
from data.registry.records import (
    NewDrill,
    NewEnterprise,
    NewStationArea,
    PlanDates,
    Verification,
    add_drills,
    date_plans,
    put_enterprises,
    put_station_areas,
    verify,
)
from data.registry.rows import (
    NewBase,
    NewDepot,
    NewHazardSource,
    NewIncident,
    NewStock,
    NewTeam,
    NewUnit,
    Share,
)
from data.registry.standards import NewStandard, add_standards
from data.registry.writing import add_bases, add_depots, add_hazard_sources, add_teams, add_units
from data.registry.writing_plans import add_plans

__all__ = [
    "NewAgreement",
    "NewAuthority",
    "NewBase",
    "NewContact",
    "NewDepot",
    "NewDrill",
    "NewEnterprise",
    "NewHazardSource",
    "NewIncident",
    "NewNeed",
    "NewPlan",
    "NewStandard",
    "NewStationArea",
    "NewStock",
    "NewSupply",
    "NewTeam",
    "NewUnit",
    "PlanDates",
    "Share",
    "Verification",
    "add_agreements",
    "add_authorities",
    "add_bases",
    "add_depots",
    "add_drills",
    "add_hazard_sources",
    "add_plans",
    "add_standards",
    "add_teams",
    "add_units",
    "date_plans",
    "put_enterprises",
    "put_station_areas",
    "verify",
]
