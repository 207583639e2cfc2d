"""NFPA 1710 and 1720, held against the log of real incidents: enough entries, or no verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shapely import Point

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules, Subject
from api.clauses.ground import Ground
from data.logged import LoggedDrive, LoggedIncident
from data.models import VehicleProfile
from geo.surroundings import PeopleAround, in_metres

PROCESS = "nfpa-1710-process"
TURNOUT_FIRE, TURNOUT_EMS = "nfpa-1710-turnout-fire", "nfpa-1710-turnout-ems"
FIRST_ENGINE, FULL_ALARM = "nfpa-1710-first-engine", "nfpa-1710-full-alarm"
ALL_OF_HUNDRED = 100.0
SERVICE = Subject("service", "救援队伍 the service")
SQUARE_MILE_M2 = 1609.344**2
AROUND_M = math.sqrt(SQUARE_MILE_M2 / math.pi)
"""A circle of a square mile."""


@dataclass(frozen=True)
class Zone:
    """How densely people live in a zone, and how many are to be there in time."""

    code: str
    staff: int
    from_people: float
    below_people: float


ZONES = (
    Zone("nfpa-1720-urban", 15, 1000, math.inf),
    Zone("nfpa-1720-suburban", 10, 500, 1000),
    Zone("nfpa-1720-rural", 6, 0, 500),
)
"""People a square mile; the bounds are those of NFPA 1720, not confirmed in a printed source."""
CODES = (
    PROCESS,
    TURNOUT_FIRE,
    TURNOUT_EMS,
    FIRST_ENGINE,
    FULL_ALARM,
    *(zone.code for zone in ZONES),
)


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge the service as a whole: the time that the asked share of cases keeps."""
    log = ground.records.log
    drives = [drive for incident in log for drive in incident.drives]
    yield judged(rules, PROCESS, [_process_s(incident) for incident in log])
    yield judged(rules, TURNOUT_FIRE, _turnouts_s(drives, VehicleProfile.FIRE_ENGINE))
    yield judged(rules, TURNOUT_EMS, _turnouts_s(drives, VehicleProfile.AMBULANCE))
    yield judged(rules, FIRST_ENGINE, [first_engine_s(incident.drives) for incident in log])
    yield judged(rules, FULL_ALARM, [full_alarm_s(incident.drives) for incident in log])
    if ground.people is not None:
        for zone in ZONES:
            own = [incident for incident in log if _in_zone(ground, ground.people, incident, zone)]
            staffed = [staffed_s(incident, zone.staff) for incident in own if incident.ordered_at]
            yield judged(rules, zone.code, staffed)


def enough(percentile: float) -> int:
    """Return from how many cases on a percentile tells anything: one of them may be late."""
    left = ALL_OF_HUNDRED - percentile
    return 1 if left <= 0 else math.ceil(round(ALL_OF_HUNDRED / left, 9))


def at_percentile(times_s: Sequence[float], percentile: float) -> float:
    """Return the least of the times that so many of a hundred keep; ``inf`` stands for never."""
    kept = math.ceil(round(percentile * len(times_s) / ALL_OF_HUNDRED, 9))
    return sorted(times_s)[max(kept, 1) - 1]


def judged(rules: Rules, code: str, times_s: Sequence[float | None]) -> Finding:
    """Judge times from the log; those that were not told do not count."""
    percentile = rules.by_code[code].percentile or ALL_OF_HUNDRED
    known = [one for one in times_s if one is not None]
    least = enough(percentile)
    if len(known) < least:
        why = Words(
            en=f"{rules.by_code[code].missing_en}: {len(known)} of the {least} that {percentile:g} % needs",
            zh=f"{rules.by_code[code].missing_zh}：{len(known)} 条，{percentile:g}% 至少需 {least} 条",
        )
        return rules.cannot_tell(code, SERVICE, why)
    said = Words(
        en=f"What {percentile:g} % of {len(known)} cases keep",
        zh=f"{len(known)} 例中 {percentile:g}% 达到的时间",
    )
    return rules.measured(code, SERVICE, at_percentile(known, percentile), said)


def first_engine_s(drives: Sequence[LoggedDrive]) -> float | None:
    """Return the drive of the fire engine that was on the scene first, None where none was."""
    there = [
        (drive.progress.there_at, drive.progress.travel_s)
        for drive in drives
        if drive.profile == VehicleProfile.FIRE_ENGINE and drive.progress.there_at
    ]
    return min(there, key=lambda each: each[0])[1] if there else None


def full_alarm_s(drives: Sequence[LoggedDrive]) -> float | None:
    """Return the longest drive of those who were ordered first, None until all of them are there."""
    first = min((drive.progress.ordered_at for drive in drives if drive.progress.ordered_at), default=None)
    alarm = [drive.progress.travel_s for drive in drives if drive.progress.ordered_at == first]
    known = [travel_s for travel_s in alarm if travel_s is not None]
    return max(known) if known and len(known) == len(alarm) else None


def staffed_s(incident: LoggedIncident, staff: int) -> float:
    """Return from the first order to so many people on the scene; ``inf`` where they never were."""
    there = sorted(
        (drive.progress.there_at, drive.crew) for drive in incident.drives if drive.progress.there_at
    )
    people = 0
    for at, crew in there:
        people += crew
        if people >= staff and incident.ordered_at is not None:
            return (at - incident.ordered_at).total_seconds()
    return math.inf


def _process_s(incident: LoggedIncident) -> float | None:
    """Return from the call as it was taken to the first order."""
    ordered = incident.ordered_at
    if ordered is None or ordered < incident.reported_at:
        return None
    return (ordered - incident.reported_at).total_seconds()


def _turnouts_s(drives: Sequence[LoggedDrive], profile: VehicleProfile) -> list[float | None]:
    return [drive.progress.turnout_s for drive in drives if drive.profile == profile]


def _in_zone(ground: Ground, people: PeopleAround, incident: LoggedIncident, zone: Zone) -> bool:
    spot = in_metres(Point(incident.lon, incident.lat), ground.metric_system)
    return zone.from_people <= people.within(spot, AROUND_M) < zone.below_people
