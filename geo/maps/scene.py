"""What an incident map tells: a frozen scene, and its rows read into small types."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from geopandas import GeoDataFrame

from geo.errors import InvalidInputError
from geo.maps.decision import MoveUpLine, PlanCard, SentLine, SupplyLine, UncoveredLine, Verdict
from geo.maps.frames import checked, column_or, key_of, keys_of
from geo.maps.live import LiveUnit, UnitTrail
from geo.places import Place

Kind = Literal["unit", "depot"]

STATUSES: dict[Kind, tuple[str, ...]] = {
    "unit": ("first_due", "sent", "listed", "passed_over", "out_of_service", "other"),
    "depot": ("supplies", "listed", "passed_over", "other"),
}
CHOSEN = frozenset({"first_due", "sent", "supplies"})
UNIT_COLUMNS = ("name", "team", "status", "arrival_s", "rank", "detail", "synthetic")
DEPOT_COLUMNS = ("name", "status", "arrival_s", "rank", "detail", "synthetic")


@dataclass(frozen=True)
class NeedLine:
    """
    One requirement as it is answered.

    Attributes
    ----------
    name : str
        E.g. ``hazmat ≥ 2`` or ``sorbent 500 kg``.
    met_at_s : float or None
        Seconds after the call at which it is met; None when it is not.
    missing : str or None
        What is missing, e.g. ``1 of 3 squads missing``.
    """

    name: str
    met_at_s: float | None
    missing: str | None


@dataclass(frozen=True)
class IncidentScene:
    """
    An incident, the answer to it and its surroundings; frames are in WGS84 (EPSG:4326) and may be empty.

    Attributes
    ----------
    title, subtitle : str
        What happened, e.g. ``Chemical leak, severity 2``; and kind, substance, when and by whom reported.
    place, road_place : Place
        The true place, and where it meets the road.
    off_road_m : float or None
        The distance between the two when it is large enough to warn of.
    needs : tuple of NeedLine
        The requirements, met or not.
    first_due : str or None
        The name of the unit that arrives first; None when none can be sent.
    units : GeoDataFrame
        Points: name, team, status (first_due, sent, listed, passed_over, out_of_service, other), arrival_s,
        rank (written in the mark and in its row), detail (plain text: why it is passed over), synthetic; and
        if wanted id, and change (what would change that). The first due is always sent.
    depots : GeoDataFrame
        Points: name, status (supplies, listed, passed_over, other), arrival_s, rank, detail, synthetic; and
        if wanted id and change.
    hazard_sources : GeoDataFrame
        Points, lines or polygons: name, enterprise, kind, grade (1 the gravest to 4, nan ungraded), detail,
        synthetic; and if wanted id, and uncovered (True where the standard of cover is lost).
    routes : GeoDataFrame
        Lines: name, kind (unit or depot), rank, arrival_s, travel_s, distance_m; a route belongs to the unit
        or depot of the same name and rank.
    roads : GeoDataFrame
        Lines: road_class in OpenStreetMap's highway words.
    licence : str
        The licence of the data, shown on the map.
    notes : tuple of str
        What a reader should know, e.g. ``Speeds come from road class``.
    plan : PlanCard or None
        The response plan that was followed.
    sent : tuple of SentLine
        Who goes, in the order people should read it. Those merely listed then step back.
    supplies : tuple of SupplyLine
        What each depot gives.
    verdict : Verdict or None
        How sure the choice is, and what a person should weigh.
    uncovered : tuple of UncoveredLine
        The hazard sources that lose their standard of cover, the gravest first.
    move_up : MoveUpLine or None
        The move that repairs most of it.
    live : tuple of LiveUnit
        How far the units have come; their marks stand in place of those of the answer.
    trails : tuple of UnitTrail
        Where units went while they were assigned.
    """

    title: str
    subtitle: str
    place: Place
    road_place: Place
    off_road_m: float | None
    needs: tuple[NeedLine, ...]
    first_due: str | None
    units: GeoDataFrame
    depots: GeoDataFrame
    hazard_sources: GeoDataFrame
    routes: GeoDataFrame
    roads: GeoDataFrame
    licence: str
    notes: tuple[str, ...]
    plan: PlanCard | None = None
    sent: tuple[SentLine, ...] = ()
    supplies: tuple[SupplyLine, ...] = ()
    verdict: Verdict | None = None
    uncovered: tuple[UncoveredLine, ...] = ()
    move_up: MoveUpLine | None = None
    live: tuple[LiveUnit, ...] = ()
    trails: tuple[UnitTrail, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether somebody was chosen to go, so that those merely listed step back."""
        chosen = (self.units["status"] == "sent").any() or (self.depots["status"] == "supplies").any()
        return bool(self.sent or self.supplies or chosen)


@dataclass(frozen=True)
class Resource:
    """A unit or depot as it stands in the answer."""

    key: str
    kind: Kind
    lon: float
    lat: float
    name: str
    team: str
    status: str
    arrival_s: float
    rank: float
    detail: str
    synthetic: bool
    change: str

    @property
    def chosen(self) -> bool:
        """Whether it goes, or gives."""
        return self.status in CHOSEN

    @property
    def rank_text(self) -> str:
        """The rank as people read it, empty where there is none."""
        return f"{self.rank:.0f}" if math.isfinite(self.rank) else ""


def units_of(scene: IncidentScene) -> tuple[Resource, ...]:
    """Read the units, best rank first; whoever has a line in ``sent`` is sent."""
    going = {key_of("unit", line.id) for line in scene.sent}
    return _chosen(_resources(scene.units, "units", "unit"), going, "sent")


def depots_of(scene: IncidentScene) -> tuple[Resource, ...]:
    """Read the depots, best rank first; whichever has a line in ``supplies`` supplies."""
    giving = {key_of("depot", line.id) for line in scene.supplies}
    return _chosen(_resources(scene.depots, "depots", "depot"), giving, "supplies")


def text(value: object) -> str:
    """Return a cell as text; what is missing (None, nan) is empty."""
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


def _chosen(resources: tuple[Resource, ...], keys: Collection[str], status: str) -> tuple[Resource, ...]:
    return tuple(
        replace(each, status=status) if each.key in keys and not each.chosen else each for each in resources
    )


def _resources(frame: GeoDataFrame, field: str, kind: Kind) -> tuple[Resource, ...]:
    rows = checked(frame, field, UNIT_COLUMNS if kind == "unit" else DEPOT_COLUMNS)
    points = rows.geometry.to_numpy()
    if (shapely.get_type_id(points) != shapely.GeometryType.POINT).any():
        raise InvalidInputError(field, "every geometry must be a point")
    unknown = sorted(set(rows["status"]) - set(STATUSES[kind]))
    if unknown:
        raise InvalidInputError(field, f"status {unknown[0]!r} is not one of {', '.join(STATUSES[kind])}")
    team = rows["team"] if kind == "unit" else [""] * len(rows)
    cells = zip(
        keys_of(rows, field, kind),
        *np.round(shapely.get_coordinates(points), 6).T,
        rows["name"],
        team,
        rows["status"],
        rows["arrival_s"].astype("float64"),
        rows["rank"].astype("float64"),
        rows["detail"],
        rows["synthetic"],
        column_or(rows, "change", ""),
        strict=True,
    )
    read = [
        Resource(
            key=key,
            kind=kind,
            lon=float(lon),
            lat=float(lat),
            name=text(name),
            team=text(of),
            status=str(status),
            arrival_s=arrival_s,
            rank=rank,
            detail=text(detail),
            synthetic=bool(synthetic),
            change=text(change),
        )
        for key, lon, lat, name, of, status, arrival_s, rank, detail, synthetic, change in cells
    ]
    return tuple(sorted(read, key=_by_rank))


def _by_rank(resource: Resource) -> tuple[float, float]:
    rank, arrival_s = resource.rank, resource.arrival_s
    return (
        rank if math.isfinite(rank) else math.inf,
        arrival_s if math.isfinite(arrival_s) else math.inf,
    )
