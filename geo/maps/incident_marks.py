"""The marks of an incident map: the incident, units and depots by status, hazard sources by grade."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from geo.maps.decision import SentLine
from geo.maps.elements import Json, PageCall
from geo.maps.frames import checked, column_or, key_of, keys_of
from geo.maps.routes import STRONG_RANKS
from geo.maps.scene import IncidentScene, Kind, Resource, text
from geo.maps.symbols import SYNTHETIC, Look, Mark
from geo.maps.words import Word, clock

LOOKS: dict[tuple[Kind, str], Look] = {
    ("unit", "first_due"): Look("unit first-due", 36, 8, Word("先到", "First due")),
    ("unit", "sent"): Look("unit sent", 28, 7, Word("派出车组", "Unit sent")),
    ("unit", "listed"): Look("unit", 26, 7, Word("可派车组", "Unit that can come")),
    ("unit", "passed_over"): Look("unit set-aside", 15, 4, Word("未选车组", "Unit passed over")),
    ("unit", "out_of_service"): Look("unit out-of-service", 14, 3, Word("停用车组", "Unit out of service")),
    ("unit", "other"): Look("unit idle", 10, 2, Word("其他车组", "Other unit")),
    ("depot", "supplies"): Look("depot sent", 27, 6, Word("供给仓库", "Depot that supplies")),
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

NOT_NEEDED: dict[Kind, Look] = {
    "unit": Look("unit not-needed", 14, 3, Word("可派未用车组", "Unit that could go, not needed now")),
    "depot": Look("depot not-needed", 13, 3, Word("可供未用仓库", "Depot that could supply, not needed now")),
}
"""Once somebody is chosen, the others that could come give way."""

REQUESTED = Word("商请", "Requested")
ORDERED = Word("调派", "Ordered")
UNCOVERED = Word("失去覆盖", "Loses its standard of cover")
UNCOVERED_LEAST_PX = 14
UNCOVERED_HEIGHT = 4

GRADE_WRITTEN_FROM_PX = 14
RANK_WRITTEN_FROM_PX = 20

INCIDENT = Look("incident", 44, 9, Word("事发地", "Incident"))
ROAD_PLACE = Look("road-place", 12, 5, Word("接入道路处", "Where it meets the road"))
HAZARD_COLUMNS = ("name", "enterprise", "kind", "grade", "detail", "synthetic")


def arrival_words(arrival_s: float) -> str:
    """Say when something arrives, or that no road leads here."""
    if not math.isfinite(arrival_s):
        return ""
    return f"到达 Arrival {clock(arrival_s)}"


def resource_marks(scene: IncidentScene, resources: Sequence[Resource]) -> list[Mark]:
    """Return the marks of units and depots as they stand in the answer."""
    going = {key_of("unit", line.id): line for line in scene.sent}
    return [_resource_mark(each, _look(each, scene.decided), going.get(each.key)) for each in resources]


def _resource_mark(resource: Resource, look: Look, line: SentLine | None) -> Mark:
    arrival = arrival_words(resource.arrival_s)
    facts = (arrival, resource.team, *_going_words(line), resource.detail, resource.change)
    if line is not None and line.request is not None:
        look = requested(look)
    return Mark(
        key=resource.key,
        lon=resource.lon,
        lat=resource.lat,
        look=look,
        title=resource.name,
        facts=tuple(fact for fact in facts if fact.strip()),
        text=resource.rank_text if look.size_px >= RANK_WRITTEN_FROM_PX else "",
        synthetic=resource.synthetic,
    )


def requested(look: Look) -> Look:
    """Return the look of a unit that is asked for rather than ordered: hollow, for it is not ours yet."""
    meaning = Word(f"{look.meaning.zh} · {REQUESTED.zh}", f"{look.meaning.en}, requested")
    return replace(look, css=f"{look.css} requested", meaning=meaning)


def uncovered(look: Look) -> Look:
    """Return the look of a hazard source that loses its cover: ringed, and never too small to be seen."""
    return replace(
        look,
        css=f"{look.css} uncovered",
        size_px=max(look.size_px, UNCOVERED_LEAST_PX),
        height=UNCOVERED_HEIGHT,
    )


def _going_words(line: SentLine | None) -> tuple[str, ...]:
    if line is None:
        return ()
    if line.request is None:
        return (line.call_sign, line.roles, str(ORDERED))
    asked = line.request
    return (line.call_sign, line.roles, f"{REQUESTED} · {asked.authority}", f"{asked.approver} {asked.phone}")


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
    keys, bare = keys_of(rows, "hazard_sources", "hazard"), _uncovered(rows)
    cells = zip(keys, bare, spots, *(rows[name] for name in HAZARD_COLUMNS), strict=True)
    marks = []
    for key, is_bare, (lon, lat), name, enterprise, kind, grade, detail, synthetic in cells:
        look = uncovered(GRADE_LOOKS[_grade(grade)]) if is_bare else GRADE_LOOKS[_grade(grade)]
        said = (str(UNCOVERED) if is_bare else "", text(enterprise), text(kind), text(detail))
        facts = tuple(part for part in said if part)
        written = str(_grade(grade) or "") if look.size_px >= GRADE_WRITTEN_FROM_PX else ""
        marks.append(Mark(key, float(lon), float(lat), look, text(name), facts, written, bool(synthetic)))
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


def _uncovered(rows: GeoDataFrame) -> list[object]:
    bare = column_or(rows, "uncovered", False)
    if not all(isinstance(each, bool) for each in bare):
        raise InvalidInputError("hazard_sources", "column 'uncovered' must be true or false in every row")
    return bare


def _look(resource: Resource, decided: bool) -> Look:
    if decided and resource.status == "listed":
        return NOT_NEEDED[resource.kind]
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
