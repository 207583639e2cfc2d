"""The map of an answer: its own words over the registry and the roads, and what became of it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import shapely
from folium import Map
from shapely import LineString, Point

from api.answer import Answer, Comer, RequirementSaid
from api.dispatching import Centre
from api.mapping_decision import (
    move_up_line,
    plan_card,
    sent_lines,
    supply_lines,
    uncovered_lines,
    verdict,
)
from api.mapping_live import live_of
from data.database import transaction
from data.frames import depot_frame, hazard_frame, unit_frame
from data.vocabulary import capability_names, kind_name
from geo.maps.incident_map import incident_map
from geo.maps.offline import render_offline, save_offline
from geo.maps.scene import IncidentScene, NeedLine
from geo.maps.words import Word
from geo.places import Place
from routing.network import RoadNetwork

WGS84 = "EPSG:4326"


def answer_map_html(answer: Answer, centre: Centre) -> str:
    """Return the map of an answer as one page."""
    return render_offline(_answer_map(answer, centre))


def save_answer_map(answer: Answer, centre: Centre, path: Path) -> None:
    """Write the map of an answer to one file."""
    save_offline(_answer_map(answer, centre), path)


def _answer_map(answer: Answer, centre: Centre) -> Map:
    with transaction(centre.sessions) as session:
        units, depots, hazards = unit_frame(session), depot_frame(session), hazard_frame(session)
        kind, capabilities = kind_name(session, answer.incident.kind), capability_names(session)
        live = live_of(session, answer.incident.id, units, ZoneInfo(centre.settings.time_zone))
    incident = answer.incident
    return incident_map(
        IncidentScene(
            title=f"{kind} · {incident.severity} 级 severity {incident.severity}",
            subtitle=_subtitle(answer),
            place=Place(incident.place.lon, incident.place.lat),
            road_place=Place(incident.road_place.lon, incident.road_place.lat),
            off_road_m=incident.snap_m if incident.off_road else None,
            needs=tuple(_need(said, answer, capabilities.get(said.name, "")) for said in answer.requirements),
            first_due=answer.units[0].name if answer.units else None,
            units=_unit_rows(answer, units),
            depots=_depot_rows(answer, depots),
            hazard_sources=hazards.assign(
                detail=hazards["contact"] + " " + hazards["phone"],
                uncovered=hazards["id"].isin([lost.id for lost in answer.cover.lost]),
            ),
            routes=_routes(answer),
            roads=road_frame(centre.roads.network),
            licence=answer.roads.licence,
            notes=(*_in_force(answer), *answer.notes),
            plan=plan_card(answer),
            sent=sent_lines(answer, capabilities),
            supplies=supply_lines(answer),
            verdict=verdict(answer),
            uncovered=uncovered_lines(answer),
            move_up=move_up_line(answer),
            live=live.units,
            trails=live.trails,
        )
    )


def road_frame(network: RoadNetwork) -> gpd.GeoDataFrame:
    """Return every segment with its road class."""
    points = np.column_stack((network.point_lon, network.point_lat))
    owner = np.repeat(np.arange(network.segments), np.diff(network.point_first))
    return gpd.GeoDataFrame(
        {"road_class": network.class_names[network.road_class]},
        geometry=shapely.linestrings(points, indices=owner),
        crs=WGS84,
    )


@dataclass(frozen=True)
class _Standing:
    """How a unit or depot stands in the answer."""

    status: str
    place: Point
    detail: str
    arrival_s: float = np.nan
    rank: float = np.nan
    change: str = ""


def _unit_rows(answer: Answer, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    standing = _standings(answer, "unit", answer.units)
    for rank, sent in enumerate(answer.choice.units, start=1):
        status = "first_due" if sent.id == answer.first_due else "sent"
        if sent.id in standing:
            standing[sent.id] = replace(standing[sent.id], status=status, rank=float(rank), change="")
    rows = _stand(units, standing)
    not_coming = rows["status"].isin(("passed_over", "other"))
    rows.loc[not_coming & ~units["in_service"], "status"] = "out_of_service"
    return rows


def _depot_rows(answer: Answer, depots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    standing = _standings(answer, "depot", answer.depots)
    for rank, said in enumerate(answer.supply_choice.deliveries, start=1):
        if said.depot in standing:
            standing[said.depot] = replace(
                standing[said.depot], status="supplies", rank=float(rank), arrival_s=said.arrival_s
            )
    return _stand(depots, standing)


def _standings(answer: Answer, kind: str, listed: Sequence[Comer]) -> dict[int, _Standing]:
    passed = {
        said.id: _Standing(
            "passed_over",
            Point(said.place.lon, said.place.lat),
            "; ".join(said.reasons),
            change=str(Word(said.would.words.zh, said.would.words.en)) if said.would else "",
        )
        for said in answer.passed_over
        if said.kind == kind
    }
    return passed | {
        said.id: _Standing("listed", Point(said.place.lon, said.place.lat), _brings(said), said.arrival_s)
        for said in listed
    }


def _stand(rows: gpd.GeoDataFrame, standing: Mapping[int, _Standing]) -> gpd.GeoDataFrame:
    each = [
        standing.get(key, _Standing("other", place, ""))
        for key, place in zip(rows["id"], rows.geometry, strict=True)
    ]
    return rows.assign(
        status=[one.status for one in each],
        detail=[one.detail for one in each],
        arrival_s=[one.arrival_s for one in each],
        rank=[one.rank for one in each],
        change=[one.change for one in each],
    ).set_geometry([one.place for one in each], crs=WGS84)


def _brings(said: Comer) -> str:
    return ", ".join(f"{name} {quantity:g}" for name, quantity in said.brings.items())


def _routes(answer: Answer) -> gpd.GeoDataFrame:
    """Return the routes of those who go and of the depots' own vehicles: more would bury the map."""
    sent = {said.id: rank for rank, said in enumerate(answer.choice.units, start=1)}
    giving = {
        said.depot: rank
        for rank, said in enumerate(answer.supply_choice.deliveries, start=1)
        if said.how == "delivered"
    }
    rows: list[tuple[str, int, Comer]] = [
        ("unit", sent[said.id], said) for said in answer.units if said.id in sent
    ]
    rows += [("depot", giving[said.id], said) for said in answer.depots if said.id in giving]
    return gpd.GeoDataFrame(
        {
            "name": [said.name for _, _, said in rows],
            "kind": [kind for kind, _, _ in rows],
            "rank": [rank for _, rank, _ in rows],
            "arrival_s": [said.arrival_s for _, _, said in rows],
            "travel_s": [said.travel_s for _, _, said in rows],
            "distance_m": [said.distance_m for _, _, said in rows],
        },
        geometry=[LineString(said.route.coordinates) for _, _, said in rows],
        crs=WGS84,
    )


def _need(said: RequirementSaid, answer: Answer, name_zh: str) -> NeedLine:
    unit = f" {said.unit_of_measure}" if said.unit_of_measure else ""
    decided = answer.choice if said.what == "capability" else answer.supply_choice
    missing = decided.shortfall.get(said.label, 0.0)
    least = "≥ " if said.adds_up == "maximum" and said.level is None else ""
    return NeedLine(
        name=f"{name_zh} {said.label} {least}{said.quantity:g}{unit}".strip(),
        met_at_s=decided.met_at_s[said.label],
        missing=f"{missing:g}{unit} missing" if missing > 0 else None,
    )


def _in_force(answer: Answer) -> list[str]:
    """Say which road conditions the answer minds, the most telling first."""
    imagined = ["假设 What if: not the roads as they are"] if answer.what_if else []
    closed = [f"封闭 closed: {c.reason}" for c in answer.conditions if c.kind == "closure"]
    slowed = [f"缓行 slow: {c.reason}" for c in answer.conditions if c.kind == "slowdown"]
    return [*imagined, *closed, *slowed]


def _subtitle(answer: Answer) -> str:
    incident = answer.incident
    parts = (incident.substance, f"{incident.reported_at:%Y-%m-%d %H:%M %Z}", f"by {incident.reported_by}")
    return " · ".join(part for part in parts if part)
