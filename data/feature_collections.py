"""The kinds of row that can be read as GeoJSON, and what each feature says."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import SQLColumnExpression, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from data.features import Collection, json_array, json_object
from data.models import (
    Authority,
    Base,
    Depot,
    Event,
    GbSubstance,
    GbUnit,
    HazardSource,
    Incident,
    RescueBase,
    Stock,
    Team,
    Unit,
    UnitCapability,
)

_SUBSTANCES = json_array(
    json_object(
        {
            "name": GbSubstance.name,
            "cas": GbSubstance.cas,
            "hazard_class": GbSubstance.hazard_class,
            "design_max_t": GbSubstance.design_max_t,
            "threshold_t": GbSubstance.threshold_t,
            "beta": GbSubstance.beta,
            "beta_source": GbSubstance.beta_source,
        }
    ),
    GbSubstance.id,
    GbSubstance.gb_unit_id == GbUnit.id,
)
_GB_UNITS = json_array(
    json_object(
        {
            "name": GbUnit.name,
            "residents_500m": GbUnit.residents_500m,
            "alpha": GbUnit.alpha,
            "s": GbUnit.s,
            "r": GbUnit.r,
            "grade": GbUnit.grade,
            "substances": _SUBSTANCES,
        }
    ),
    GbUnit.id,
    GbUnit.hazard_source_id == HazardSource.id,
)
_CAPABILITIES = func.coalesce(
    select(func.jsonb_object_agg(UnitCapability.capability, UnitCapability.quantity))
    .where(UnitCapability.unit_id == Unit.id)
    .scalar_subquery(),
    cast("{}", JSONB),
)
_SKILLS = json_array(
    json_object(
        {
            "capability": UnitCapability.capability,
            "quantity": UnitCapability.quantity,
            "level": UnitCapability.level,
            "crew": UnitCapability.crew,
            "valid_until": UnitCapability.valid_until,
        }
    ),
    UnitCapability.capability,
    UnitCapability.unit_id == Unit.id,
)
_STOCK = json_array(
    json_object(
        {
            "item": Stock.item,
            "quantity": Stock.quantity,
            "unit_of_measure": Stock.unit_of_measure,
            "minimum": Stock.minimum,
            "batch": Stock.batch,
            "expires_on": Stock.expires_on,
            "available_after_s": Stock.available_after_s,
        }
    ),
    Stock.id,
    Stock.depot_id == Depot.id,
)


def _plain(table: type[Base], *names: str) -> dict[str, SQLColumnExpression[Any]]:
    return {name: getattr(table, name) for name in names}


COLLECTIONS: Mapping[str, Collection] = {
    "hazard-sources": Collection(
        "Hazard sources with their GB 18218 units",
        HazardSource.id,
        HazardSource.place,
        _plain(HazardSource, "name", "kind", "enterprise", "contact", "phone", "grade", "synthetic")
        | {"gb_units": _GB_UNITS},
        select(HazardSource),
    ),
    "bases": Collection(
        "Rescue bases",
        RescueBase.id,
        RescueBase.place,
        _plain(RescueBase, "name", "address", "contact", "phone", "synthetic"),
        select(RescueBase),
    ),
    "teams": Collection(
        "Teams, at their bases",
        Team.id,
        RescueBase.place,
        _plain(Team, "name", "kind", "tier", "call_sign", "radio", "contact", "phone", "base_id", "synthetic")
        | {
            "base": RescueBase.name,
            "staffing": Team.staffing,
            "authority": Authority.name,
            "hazard_source_id": Team.hazard_source_id,
        },
        select(Team)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .outerjoin(Authority, Team.authority_id == Authority.id),
    ),
    "units": Collection(
        "Units at their last position, or at their base where none is known",
        Unit.id,
        func.coalesce(Unit.position, RescueBase.place),
        _plain(
            Unit,
            "name",
            "vehicle_profile",
            "crew",
            "turnout_s",
            "in_service",
            "position_at",
            "team_id",
            "synthetic",
        )
        | {"team": Team.name, "base": RescueBase.name, "capabilities": _CAPABILITIES, "skills": _SKILLS},
        select(Unit).join(Team, Unit.team_id == Team.id).join(RescueBase, Team.base_id == RescueBase.id),
    ),
    "depots": Collection(
        "Supply depots with their stock",
        Depot.id,
        Depot.place,
        _plain(Depot, "name", "tier", "contact", "phone", "loading_s", "delivers", "synthetic")
        | {"stock": _STOCK},
        select(Depot),
    ),
    "stock": Collection(
        "Stock, at its depot",
        Stock.id,
        Depot.place,
        _plain(
            Stock,
            "item",
            "quantity",
            "unit_of_measure",
            "minimum",
            "batch",
            "expires_on",
            "available_after_s",
            "depot_id",
            "synthetic",
        )
        | {"depot": Depot.name},
        select(Stock).join(Depot, Stock.depot_id == Depot.id),
    ),
    "incidents": Collection(
        "Incidents",
        Incident.id,
        Incident.place,
        _plain(
            Incident,
            "kind",
            "severity",
            "substance",
            "reported_at",
            "reported_by",
            "entered_at",
            "status",
            "hazard_source_id",
            "synthetic",
        ),
        select(Incident),
    ),
    "events": Collection(
        "Events, at the place of their incident",
        Event.id,
        Incident.place,
        _plain(Event, "incident_id", "at", "kind", "who", "detail", "synthetic"),
        select(Event).outerjoin(Incident, Event.incident_id == Incident.id),
    ),
}
