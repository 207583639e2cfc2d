"""The registry as frames in WGS84, for maps."""

from typing import Any

import geopandas as gpd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.models import Depot, HazardSource, RescueBase, Team, Unit


def unit_frame(session: Session) -> gpd.GeoDataFrame:
    """Return every unit at its last position, else its base: id, name, team, in_service, synthetic."""
    return _frame(
        session,
        select(
            Unit.id,
            Unit.name,
            Team.name.label("team"),
            Unit.in_service,
            Unit.synthetic,
            func.coalesce(Unit.position, RescueBase.place).label("geometry"),
        )
        .join(Team, Unit.team_id == Team.id)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .order_by(Unit.id),
    )


def depot_frame(session: Session) -> gpd.GeoDataFrame:
    """Return every depot: id, name, tier, delivers, synthetic."""
    return _frame(
        session,
        select(
            Depot.id, Depot.name, Depot.tier, Depot.delivers, Depot.synthetic, Depot.place.label("geometry")
        ).order_by(Depot.id),
    )


def hazard_frame(session: Session) -> gpd.GeoDataFrame:
    """Return every hazard source: id, name, enterprise, kind, grade or nan, contact, phone, synthetic."""
    return _frame(
        session,
        select(
            HazardSource.id,
            HazardSource.name,
            HazardSource.enterprise,
            HazardSource.kind,
            HazardSource.grade,
            HazardSource.contact,
            HazardSource.phone,
            HazardSource.synthetic,
            HazardSource.place.label("geometry"),
        ).order_by(HazardSource.id),
    )


def _frame(session: Session, rows: Select[*tuple[Any, ...]]) -> gpd.GeoDataFrame:
    return gpd.read_postgis(rows, session.connection(), geom_col="geometry", crs="EPSG:4326")
