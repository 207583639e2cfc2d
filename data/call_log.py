"""A fire department's public call log: who was sent out on what, and when, one row a response of a unit."""

import csv
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError

UNIT, UNIT_TYPE, CALL = "Unit ID", "Unit Type", "Call Number"
OUT, ROLLING, ON_SCENE, FREE = "Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Available DtTm"
PRIORITY, AREA, LOCATION = "Final Priority", "Station Area", "Location"
COLUMNS = (UNIT, UNIT_TYPE, CALL, OUT, ROLLING, ON_SCENE, FREE, PRIORITY, AREA, LOCATION)
TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
ISO = "%Y-%m-%dT%H:%M:%S"
"""The log names no zone; its times are kept without one."""
LOCATED = re.compile(r"\(\s*(?P<lat>-?\d+(\.\d+)?)\s*,\s*(?P<lon>-?\d+(\.\d+)?)\s*\)")
FIRST_ROW = 2
NORTH, EAST = 90.0, 180.0


@dataclass(frozen=True)
class Response:
    """
    One unit sent out on one call; times by the log's own clock, None where the log has none.

    ``row`` is its line in the file.
    """

    row: int
    unit: str
    unit_type: str
    call: str
    priority: str
    area: str
    lon: float
    lat: float
    out_at: datetime
    rolling_at: datetime | None
    on_scene_at: datetime | None
    free_at: datetime


@dataclass(frozen=True)
class Unusable:
    """A response that cannot be replayed: nobody wrote down when the unit was free again."""

    row: int
    unit: str
    call: str
    out_at: datetime


@dataclass(frozen=True, eq=False)
class CallLog:
    """
    A log.

    Attributes
    ----------
    responses : tuple of Response
        In the order of their dispatch, then of the file.
    out_s, rolling_s, on_scene_s, free_s : float64, shape (responses,)
        Seconds since ``begins_at``; nan where the log has none.
    unusable : tuple of Unusable
    begins_at : datetime
        The first dispatch that can be replayed.
    """

    responses: tuple[Response, ...]
    out_s: NDArray[np.float64]
    rolling_s: NDArray[np.float64]
    on_scene_s: NDArray[np.float64]
    free_s: NDArray[np.float64]
    unusable: tuple[Unusable, ...]
    begins_at: datetime


def read_call_log(path: Path) -> CallLog:
    """
    Read a log in the columns of San Francisco's *Fire Department Calls for Service*.

    Raises
    ------
    InvalidInputError
        When the file is none: it names the row, the field and the reason.
    """
    responses: list[Response] = []
    unusable: list[Unusable] = []
    for row, fields in _rows(path):
        found = _response(row, fields)
        if isinstance(found, Response):
            responses.append(found)
        else:
            unusable.append(found)
    if not responses:
        raise InvalidInputError(f"row {FIRST_ROW}, {FREE}", f"{path.name} holds no response with an end")
    responses.sort(key=lambda one: (one.out_at, one.row))
    begins_at = responses[0].out_at

    def seconds(name: str) -> NDArray[np.float64]:
        moments = (getattr(one, name) for one in responses)
        return np.array(
            [math.nan if at is None else (at - begins_at).total_seconds() for at in moments], dtype=np.float64
        )

    return CallLog(
        tuple(responses),
        seconds("out_at"),
        seconds("rolling_at"),
        seconds("on_scene_at"),
        seconds("free_at"),
        tuple(unusable),
        begins_at,
    )


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InvalidInputError(
                    f"row 1, {missing[0]}",
                    f"{path.name} has no such column; a log has the columns {', '.join(COLUMNS)}",
                )
            return [(reader.line_num, fields) for fields in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError("row 1, file", f"{path.name} is no CSV file in UTF-8: {error}") from None


def _response(row: int, fields: Mapping[str, str]) -> Response | Unusable:
    unit, call = _text(row, fields, UNIT), _text(row, fields, CALL)
    out_at = _time(row, fields, OUT)
    if out_at is None:
        raise InvalidInputError(f"row {row}, {OUT}", "it is empty; a response begins with a dispatch")
    free_at = _time(row, fields, FREE)
    lat, lon = _place(row, fields)
    response = (_text(row, fields, UNIT_TYPE), _time(row, fields, ROLLING), _time(row, fields, ON_SCENE))
    if free_at is None:
        return Unusable(row, unit, call, out_at)
    if free_at < out_at:
        raise InvalidInputError(f"row {row}, {FREE}", f"{fields[FREE]} is before the dispatch, {fields[OUT]}")
    unit_type, rolling_at, on_scene_at = response
    return Response(
        row=row,
        unit=unit,
        unit_type=unit_type,
        call=call,
        priority=fields[PRIORITY].strip(),
        area=fields[AREA].strip(),
        lon=lon,
        lat=lat,
        out_at=out_at,
        rolling_at=rolling_at,
        on_scene_at=on_scene_at,
        free_at=free_at,
    )


def _text(row: int, fields: Mapping[str, str], name: str) -> str:
    text = fields[name].strip()
    if not text:
        raise InvalidInputError(f"row {row}, {name}", "it is empty")
    return text


def _time(row: int, fields: Mapping[str, str], name: str) -> datetime | None:
    text = fields[name].strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(time.strftime(ISO, time.strptime(text, TIME_FORMAT)))
    except ValueError:
        raise InvalidInputError(
            f"row {row}, {name}", f"{text!r} is no time like 12/31/2016 11:59:42 PM"
        ) from None


def _place(row: int, fields: Mapping[str, str]) -> tuple[float, float]:
    match = LOCATED.fullmatch(fields[LOCATION].strip())
    lat, lon = (float(match["lat"]), float(match["lon"])) if match else (math.nan, math.nan)
    if not (abs(lat) <= NORTH and abs(lon) <= EAST):
        raise InvalidInputError(
            f"row {row}, {LOCATION}", f"{fields[LOCATION]!r} is no place like (37.7458, -122.4566)"
        )
    return lat, lon
