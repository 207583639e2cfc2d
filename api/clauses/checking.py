"""The check: which clauses are asked about, who judges them, and what cannot be told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from api.clauses import (
    agreements,
    cover,
    drills,
    enterprises,
    grading,
    mines,
    nfpa,
    plans,
    reports,
    sites,
    stations,
    stations_beside_hazmat,
    survey,
)
from api.clauses.answer import ClausesAnswer
from api.clauses.findings import Finding, Findings, Rules, rules_of
from api.clauses.ground import Ground, read_layers, read_records
from api.clauses.saying import answer_of
from api.dispatching import Centre
from data.database import transaction
from data.models import Strength
from data.vocabulary.clauses import clauses
from data.watched import clock
from geo.errors import InvalidInputError
from routing.profiles import preset as known_preset

Say = Callable[[str], None]


@dataclass(frozen=True)
class ClausesAsked:
    """
    Which clauses, and what a planner brings: layers, the prevailing wind, a preset of the roads.

    Without a strength or codes every clause is asked about.
    """

    strength: str | None = None
    codes: tuple[str, ...] = ()
    exits: Path | None = None
    population: Path | None = None
    borders: Path | None = None
    wind_from_deg: float | None = None
    preset: str | None = None


@dataclass(frozen=True)
class Checker:
    """The clauses of one subject, and how they are judged."""

    subject: str
    codes: Callable[[Rules], tuple[str, ...]]
    findings: Callable[[Ground, Rules], Findings]


def _of(subject: str, codes: tuple[str, ...], findings: Callable[[Ground, Rules], Findings]) -> Checker:
    return Checker(subject, lambda _: codes, findings)


CHECKERS = (
    _of("units of GB 18218", grading.CODES, grading.findings),
    _of("agreements", agreements.CODES, agreements.findings),
    _of("enterprises", enterprises.CODES, enterprises.findings),
    _of("fire stations", stations.CODES, stations.findings),
    _of("stations beside hazmat sites", stations_beside_hazmat.CODES, stations_beside_hazmat.findings),
    _of("mines", mines.CODES, mines.findings),
    _of("drills", drills.CODES, drills.findings),
    _of("plans", plans.CODES, plans.findings),
    _of("the survey of resources", survey.CODES, survey.findings),
    _of("accident reports", reports.CODES, reports.findings),
    _of("the log of incidents", nfpa.CODES, nfpa.findings),
    _of("the ground of hazmat plants", sites.CODES, sites.findings),
    Checker("cover of hazard sources", cover.codes, cover.findings),
)


def check_clauses(centre: Centre, asked: ClausesAsked, say: Say) -> ClausesAnswer:
    """
    Judge every clause asked about for each of its subjects.

    Nothing is recorded, nobody is taken to be busy, and no live road condition counts: it is a report on what
    is registered. A clause without a finding of its own is listed as one that cannot be told.

    Raises
    ------
    InvalidInputError
        When a clause, a strength, a preset, a direction or a layer cannot be used.
    """
    if asked.preset is not None:
        known_preset(asked.preset)
    layers = read_layers(asked.exits, asked.population, asked.borders, asked.wind_from_deg)
    with transaction(centre.sessions) as session:
        rules = _wanted(rules_of(clauses(session)), asked)
        now = clock(session).astimezone(ZoneInfo(centre.settings.time_zone))
        records = read_records(session, now)
    ground = Ground(
        roads=centre.roads,
        sessions=centre.sessions,
        snap_limit_m=centre.settings.snap_limit_m,
        preset=asked.preset,
        records=records,
        layers=layers,
    )
    return answer_of(ground, rules, judged(ground, rules, say))


def judged(ground: Ground, rules: Rules, say: Say) -> tuple[Finding, ...]:
    """Return every finding on the clauses wanted, in the order of the clauses."""
    found: dict[str, list[Finding]] = {code: [] for code in rules.by_code}
    for checker in CHECKERS:
        if any(code in rules for code in checker.codes(rules)):
            say(f"judging {checker.subject}")
            for finding in checker.findings(ground, rules):
                found[finding.clause.code].append(finding)
    for code, own in found.items():
        if not own and code not in rules.stricter:
            own.append(rules.nothing_for(code))
    return tuple(finding for code, own in found.items() if code in rules for finding in own)


def _wanted(rules: Rules, asked: ClausesAsked) -> Rules:
    if asked.strength is not None and asked.strength not in set(Strength):
        raise InvalidInputError("strength", f"{asked.strength!r} is neither shall nor should")
    for code in asked.codes:
        if code not in rules.by_code:
            raise InvalidInputError(
                "clause", f"there is no clause {code!r}; `rescuegrid clauses --json` lists them all"
            )
    named = set(asked.codes) or set(rules.by_code)
    named |= {rules.stricter[code] for code in named if code in rules.stricter}
    wanted = {code for code in named if asked.strength in (None, rules.by_code[code].strength)}
    return replace(rules, wanted=frozenset(wanted))
