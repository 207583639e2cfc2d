"""The replay of a fire department's log: what it books twice, and how busy its units are by other rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.answer_base import Said
from data.call_log import CallLog, Response, read_call_log
from geo.crs import metric_system, to_metres
from routing.simulation import Record
from routing.simulation.logged import NO_AREA, Logged, replay_as_logged, replay_nearest
from routing.siting import logged_busy

DECIMALS = 6
URGENT = ("3", "E")
"""San Francisco's codes of a call that is answered with lights and siren; every other waits behind them."""
OWN_UNIT = "own-unit-first"
NEAREST = "nearest-of-type"
RULES = {
    OWN_UNIT: (
        "each response goes to its logged unit where that is free, else to the nearest free unit of the same "
        "type, else it waits for one"
    ),
    NEAREST: "each response goes to the nearest free unit of the type that was sent, else it waits for one",
}
ASSUMPTIONS = (
    "Turnout, driving and service are as logged, whoever goes; where rolling was not logged a unit rolls at "
    "once, where arrival was not logged it turned back on its way.",
    "A unit stands at the centre of the first-due area in which most of its responses lie; distances are "
    "straight lines. A log tells neither stations nor roads; where ambulances stand, "
    "which roam, is least sure.",
    "Of responses that wait, priorities 3 and E go first, then whichever waits longest.",
    "The log knows no end of shift: a fraction is of the whole window, for private ambulances too.",
)


class DoubleBookingSaid(Said):
    """A unit that the log sends to a second call before it is available from the first."""

    unit: str
    first_call: str
    second_call: str
    dispatched_at: datetime
    available_at: datetime


class UnusableSaid(Said):
    """A row of the log that has no end."""

    row: int
    unit: str
    call: str


class UnitSaid(Said):
    """How busy a unit was by the log, and in a replay."""

    unit: str
    unit_type: str
    logged: float
    simulated: float
    difference: float


class TypeSaid(Said):
    """How busy the units of a type were on average."""

    unit_type: str
    units: int
    responses: int
    logged: float
    simulated: float
    difference: float
    largest: float


class ReplaySaid(Said):
    """
    A replay held against the log.

    ``to_others`` is how many responses went to another unit than the logged one.
    """

    rule: str
    words: str
    to_others: int
    waited: int
    longest_wait_s: float
    in_two_places: int
    largest_difference: float
    mean_difference: float
    units: list[UnitSaid]
    types: list[TypeSaid]


class LogReplay(Said):
    """What a log says, and how it would have gone."""

    file: str
    begins_at: datetime
    ends_at: datetime
    responses: int
    calls: int
    units: int
    unusable: list[UnusableSaid]
    double_bookings: list[DoubleBookingSaid]
    replays: list[ReplaySaid]
    assumptions: list[str]


@dataclass(frozen=True)
class _Town:
    """A log with the names of its units and types, and how busy each unit was."""

    log: Logged
    units: tuple[str, ...]
    types: tuple[str, ...]
    busy: NDArray[np.float64]


def replay_log(path: Path) -> LogReplay:
    """
    Replay a log with each response to its own unit, and with each to the nearest of its type.

    Raises
    ------
    InvalidInputError
        When the file is no such log; it names row, field and reason.
    """
    read = read_call_log(path)
    town = _town(read)
    begin, end = town.log.window_s
    return LogReplay(
        file=path.name,
        begins_at=read.begins_at + timedelta(seconds=begin),
        ends_at=read.begins_at + timedelta(seconds=end),
        responses=len(read.responses) + len(read.unusable),
        calls=len({one.call for one in read.responses} | {one.call for one in read.unusable}),
        units=len(town.units),
        unusable=[UnusableSaid(row=one.row, unit=one.unit, call=one.call) for one in read.unusable],
        double_bookings=_double_bookings(read.responses, town),
        replays=[
            _said(OWN_UNIT, replay_as_logged(town.log), town),
            _said(NEAREST, replay_nearest(town.log), town),
        ],
        assumptions=list(ASSUMPTIONS),
    )


def _town(read: CallLog) -> _Town:
    units, unit = _numbered([one.unit for one in read.responses])
    types, unit_type = _numbered([one.unit_type for one in read.responses])
    lon = np.array([one.lon for one in read.responses])
    lat = np.array([one.lat for one in read.responses])
    x_m, y_m = to_metres(metric_system(lon, lat), lon, lat)
    _, area = _numbered([one.area for one in read.responses])
    log = Logged(
        unit=unit,
        unit_type=np.array([np.bincount(unit_type[unit == one]).argmax() for one in range(len(units))]),
        severity=np.array([1 if one.priority in URGENT else 2 for one in read.responses]),
        area=np.where([one.area == "" for one in read.responses], NO_AREA, area),
        x_m=x_m,
        y_m=y_m,
        out_s=read.out_s,
        rolling_s=read.rolling_s,
        arrived_s=read.on_scene_s,
        free_s=read.free_s,
    )
    busy = logged_busy(log.unit, log.out_s, log.free_s, log.window_s)
    return _Town(log, units, types, busy.fraction)


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different names in order, and the position of each among them."""
    known, number = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    return tuple(known.tolist()), number.astype(np.int64)


def _double_bookings(responses: Sequence[Response], town: _Town) -> list[DoubleBookingSaid]:
    return [
        DoubleBookingSaid(
            unit=town.units[one.unit],
            first_call=responses[one.first].call,
            second_call=responses[one.second].call,
            dispatched_at=responses[one.second].out_at,
            available_at=responses[one.first].free_at,
        )
        for one in town.log.clashes
    ]


def _said(rule: str, record: Record, town: _Town) -> ReplaySaid:
    trips, log = record.trips, town.log
    simulated = trips.busy(log.units, log.window_s).fraction
    difference = simulated - town.busy
    farthest = np.lexsort((np.arange(log.units), -np.abs(difference)))
    return ReplaySaid(
        rule=rule,
        words=RULES[rule],
        to_others=int((trips.unit != log.unit[trips.call]).sum()),
        waited=int(record.waited.sum()),
        longest_wait_s=round(float((trips.ordered_s - log.out_s[trips.call]).max()), DECIMALS),
        in_two_places=len(trips.clashes),
        largest_difference=_rounded(np.abs(difference).max()),
        mean_difference=_rounded(np.abs(difference).mean()),
        units=[
            UnitSaid(
                unit=town.units[unit],
                unit_type=town.types[log.unit_type[unit]],
                logged=_rounded(town.busy[unit]),
                simulated=_rounded(simulated[unit]),
                difference=_rounded(difference[unit]),
            )
            for unit in farthest.tolist()
        ],
        types=_types(town, simulated),
    )


def _types(town: _Town, simulated: NDArray[np.float64]) -> list[TypeSaid]:
    log = town.log
    responses = Counter(log.unit_type[log.unit].tolist())
    said = []
    for kind in sorted(responses, key=lambda one: -responses[one]):
        own = log.unit_type == kind
        difference = simulated[own] - town.busy[own]
        said.append(
            TypeSaid(
                unit_type=town.types[kind],
                units=int(own.sum()),
                responses=responses[kind],
                logged=_rounded(town.busy[own].mean()),
                simulated=_rounded(simulated[own].mean()),
                difference=_rounded(difference.mean()),
                largest=_rounded(np.abs(difference).max()),
            )
        )
    return said


def _rounded(value: float | np.float64) -> float:
    return round(float(value), DECIMALS)
