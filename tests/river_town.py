"""
A town on a river with one bridge, five kilometres upstream: what is near is not what is soon.

All streets are driven at 36 km/h, ten metres a second. The incident is at the quay on the west bank.
The west station is 2,000 m away by road and by air, the east station 200 m by air and 10,200 m by road.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
from shapely import LineString
from sqlalchemy.orm import Session

from api.dispatching import Centre
from api.live_roads import open_live_roads
from api.roadworks import import_roads
from api.settings import Settings
from data.database import Sessions, transaction
from data.models import DepotTier, Tier, VehicleProfile
from data.registry import (
    NewBase,
    NewDepot,
    NewStock,
    NewTeam,
    NewUnit,
    add_bases,
    add_depots,
    add_teams,
    add_units,
)
from data.roads.layer_columns import LayerColumns
from geo.places import Place
from tests.towns import spot

QUAY = Place(*spot(0, 0))
WEST_STATION = Place(*spot(-2000, 0))
EAST_STATION = Place(*spot(200, 0))
NORTH_STREET = Place(*spot(0, 1000))
FAR_FIELD = Place(*spot(-1000, 900))
ISLAND = Place(*spot(-500, -3000))
STREETS = (
    (spot(-2000, 0), spot(0, 0)),
    (spot(0, 0), spot(0, 5000)),
    (spot(0, 5000), spot(200, 5000)),
    (spot(200, 5000), spot(200, 0)),
    (spot(-600, -3000), spot(-400, -3000)),
)
WEST_S, EAST_S, NORTH_S = 200.0, 1020.0, 100.0
AMPLE_S = 120.0
"""So long that a busy machine cuts no choice short."""


@dataclass(frozen=True)
class Posting:
    """A unit of the town, standing at its base unless a position is given."""

    name: str
    base: str
    capabilities: dict[str, float]
    turnout_s: float = 60.0
    in_service: bool = True
    position: Place | None = None
    position_at: datetime | None = None


def import_river_town(root: Path) -> None:
    """Import the town's roads under ``root`` as ``river``."""
    file = root / "river.geojson"
    root.mkdir(parents=True, exist_ok=True)
    streets = gpd.GeoDataFrame(
        {"kmh": 36.0, "name": ["Mill Road", "West Bank", "Old Bridge", "East Bank", "Island Lane"]},
        geometry=[LineString(street) for street in STREETS],
        crs="EPSG:4326",
    )
    streets.to_file(file, driver="GeoJSON")
    import_roads(file, "river", root, LayerColumns(speed="kmh", name="name"), "made up")


def river_centre(sessions: Sessions, var: Path) -> Centre:
    """Open a command centre on the town; its registry is what the database holds."""
    settings = Settings(
        var=var, roads="river", database_url="postgresql://not/used", choice_time_limit_s=AMPLE_S
    )
    import_river_town(settings.roads_root)
    return Centre(sessions, open_live_roads(settings.roads_root, "river"), settings)


def post(sessions: Sessions, *postings: Posting) -> None:
    """Write bases, teams and units."""
    places = {
        "north": NORTH_STREET,
        "west": WEST_STATION,
        "east": EAST_STATION,
        "island": ISLAND,
        "field": FAR_FIELD,
    }
    with transaction(sessions) as session:
        bases = sorted({posting.base for posting in postings})
        add_bases(session, [NewBase(name=name, place=places[name]) for name in bases])
        add_teams(
            session,
            [
                NewTeam(base=name, name=f"{name} team", kind="fire", tier=Tier.FIRE_BRIGADE, call_sign=name)
                for name in bases
            ],
        )
        _add(session, postings)


def store_depot(sessions: Sessions, name: str, place: Place, *stock: NewStock) -> None:
    """Write a depot that loads in 300 s and delivers."""
    with transaction(sessions) as session:
        depot = NewDepot(
            name=name, tier=DepotTier.CITY, place=place, loading_s=300.0, delivers=True, stock=stock
        )
        add_depots(session, [depot])


def _add(session: Session, postings: tuple[Posting, ...]) -> None:
    add_units(
        session,
        [
            NewUnit(
                team=f"{posting.base} team",
                name=posting.name,
                vehicle_profile=VehicleProfile.FIRE_ENGINE,
                crew=6,
                turnout_s=posting.turnout_s,
                capabilities=posting.capabilities,
                in_service=posting.in_service,
                position=posting.position,
                position_at=posting.position_at,
            )
            for posting in postings
        ],
    )


def now() -> datetime:
    """Return the time, as positions are dated."""
    return datetime.now(UTC)
