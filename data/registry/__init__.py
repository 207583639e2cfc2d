"""The registry's door for writing: what a row must say, and the functions that write it."""

from data.registry.rows import (
    NewBase,
    NewDepot,
    NewHazardSource,
    NewIncident,
    NewStock,
    NewTeam,
    NewUnit,
)
from data.registry.writing import add_bases, add_depots, add_hazard_sources, add_teams, add_units

__all__ = [
    "NewBase",
    "NewDepot",
    "NewHazardSource",
    "NewIncident",
    "NewStock",
    "NewTeam",
    "NewUnit",
    "add_bases",
    "add_depots",
    "add_hazard_sources",
    "add_teams",
    "add_units",
]
