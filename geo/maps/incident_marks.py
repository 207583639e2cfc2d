"""The marks of an incident map: the incident, units and depots by status, hazard sources by grade."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from geo.maps.elements import Json, PageCall
from geo.maps.frames import checked
from geo.maps.routes import STRONG_RANKS
from geo.maps.scene import IncidentScene, Kind, Resource, text
from geo.maps.symbols import SYNTHETIC, Look, Mark
from geo.maps.words import Word, clock

LOOKS: dict[tuple[Kind, str], Look] = {
    ("unit", "first_due"): Look("unit first-due", 36, 8, Word("先到", "First due")),
    ("unit", "listed"): Look("unit", 26, 7, Word("可派车组", "Unit that can come")),
    ("unit", "passed_over"): Look("unit set-aside", 15, 4, Word("未选车组", "Unit passed over")),
    ("unit", "out_of_service"): Look("unit out-of-service", 14, 3, Word("停用车组", "Unit out of service")),
    ("unit", "other"): Look("unit idle", 10, 2, Word("其他车组", "Other unit")),
    ("depot", "listed"): Look("depot", 25, 6, Word("可供仓库", "Depot that can supply")),
    ("depot", "passed_over"): Look("depot set-aside", 14, 3, Word("未选仓库", "Depot passed over")),
    ("depot", "other"): Look("depot idle", 10, 2, Word("其他仓库", "Other depot")),
}

GRADE_LOOKS: dict[int | None, Look] = {
    1: Look("hazard grade-1", 17, 1, Word("一级危险源", "Hazard source, grade 1")),
    2: Look("hazard grade-2", 14, 1, Word("二级危险源", "Hazard source, grade 2")),
    3: Look("hazard grade-3", 11, 1, Word("三级危险源", "Hazard source, grade 3")),
    4: Look("hazard grade-4", 9, 0, Word("四级危险源", "Hazard source, grade 4")),
    None: Look("hazard ungraded", 10, 0, Word("未分级危险源", "Hazard source, not graded")),
}
LATER_UNIT = Look("unit later", 21, 5, LOOKS["unit", "listed"].meaning)
"""Units far down the list give way to the first ones and to the depots."""

GRADE_WRITTEN_FROM_PX = 14

INCIDENT = Look("incident", 44, 9, Word("事发地", "Incident"))
ROAD_PLACE = Look("road-place", 12, 5, Word("接入道路处", "Where it meets the road"))
HAZARD_COLUMNS = ("name", "enterprise", "kind", "grade", "detail", "synthetic")


def arrival_words(arrival_s: float) -> str:
    """Say when something arrives, or that no road leads here."""
    if not math.isfinite(arrival_s):
        return ""
    return f"到达 Arrival {clock(arrival_s)}"


def resource_mark(resource: Resource) -> Mark:
    """Return the mark of a unit or depot."""
    look = _look(resource)
    facts = (arrival_words(resource.arrival_s), resource.team, resource.detail)
    return Mark(
        key=resource.key,
        lon=resource.lon,
        lat=resource.lat,
        look=look,
        title=resource.name,
        facts=tuple(fact for fact in facts if fact),
        text=resource.rank_text if resource.status in {"first_due", "listed"} else "",
        synthetic=resource.synthetic,
    )


def incident_marks(scene: IncidentScene) -> list[Mark]:
    """Return the incident's own mark, and one where it meets the road when that is far off."""
    at = scene.place
    marks = [Mark("incident", at.lon, at.lat, INCIDENT, scene.title, (scene.subtitle,), "!")]
    if scene.off_road_m is not None:
        off = f"距事发地 {scene.off_road_m:,.0f} m from the incident"
        road = scene.road_place
        marks.append(Mark("road-place", road.lon, road.lat, ROAD_PLACE, ROAD_PLACE.meaning.en, (off,)))
    return marks


def hazard_marks(hazard_sources: GeoDataFrame) -> list[Mark]:
    """Return one mark a hazard source, inside its outline when it has one."""
    rows = checked(hazard_sources, "hazard_sources", HAZARD_COLUMNS)
    spots = np.round(shapely.get_coordinates(_spots(rows.geometry.to_numpy())), 6)
    cells = zip(spots, *(rows[name] for name in HAZARD_COLUMNS), strict=True)
    marks = []
    for i, ((lon, lat), name, enterprise, kind, grade, detail, synthetic) in enumerate(cells):
        look = GRADE_LOOKS[_grade(grade)]
        facts = tuple(part for part in (text(enterprise), text(kind), text(detail)) if part)
        written = str(_grade(grade) or "") if look.size_px >= GRADE_WRITTEN_FROM_PX else ""
        mark = Mark(f"hazard-{i}", float(lon), float(lat), look, text(name), facts, written, bool(synthetic))
        marks.append(mark)
    return marks


def hazard_outlines(hazard_sources: GeoDataFrame, marks: Sequence[Mark]) -> PageCall:
    """Return the outlines of those hazard sources that are more than a point; ``marks`` are all, in order."""
    rows = checked(hazard_sources, "hazard_sources", HAZARD_COLUMNS)
    drawn: list[Json] = []
    for shape, mark in zip(rows.geometry, marks, strict=True):
        if shape.geom_type == "Point":
            continue
        css = "line" if "Line" in shape.geom_type else ""
        row = _row(mark, css) | {"geometry": _geojson(shape)}
        drawn.append(row)
    return PageCall("areas", drawn)


def _look(resource: Resource) -> Look:
    later = resource.status == "listed" and resource.rank > STRONG_RANKS[resource.kind]
    return LATER_UNIT if later and resource.kind == "unit" else LOOKS[resource.kind, resource.status]


def _row(mark: Mark, css: str) -> dict[str, Json]:
    return {
        "css": css,
        "name": mark.name,
        "meaning": str(mark.look.meaning),
        "title": mark.title,
        "facts": list(mark.facts),
        "synthetic": str(SYNTHETIC) if mark.synthetic else "",
    }


def _geojson(shape: shapely.Geometry) -> Json:
    rounded = shapely.set_precision(shape, 1e-6)
    geometry: dict[str, Json] = shapely.geometry.mapping(rounded if not rounded.is_empty else shape)
    return geometry


def _spots(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    spots: NDArray[np.object_] = shapely.point_on_surface(shapes)
    return spots


def _grade(grade: object) -> int | None:
    if not text(grade):
        return None
    number = next((each for each in GRADE_LOOKS if each == grade), None)
    if number is None:
        raise InvalidInputError("hazard_sources", f"grade {grade} is not 1, 2, 3, 4 or missing")
    return number
