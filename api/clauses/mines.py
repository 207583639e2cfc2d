"""MEM Order 16: mine rescue teams out in time, and half an hour's drive from the mines they serve."""

import numpy as np

from api.answer_base import Words
from api.clauses.findings import Findings, Rules, Subject
from api.clauses.ground import Ground, Starts, source_subject
from data.clause_facts import CrewFacts
from data.models import VehicleProfile

DRIVE = "mine-rescue-drive"
TURNOUT, ON_FOOT = "mine-rescue-turnout", "mine-rescue-turnout-on-foot"
CODES = (DRIVE, TURNOUT, ON_FOOT)
MINE = "mine"
MINE_RESCUE = "mine-rescue"


def findings(ground: Ground, rules: Rules) -> Findings:
    """
    Judge every mine by the squad that drives there soonest, and every team by its slowest squad.

    The registry does not tell which team serves which mine, so every one may.
    """
    squads = [crew for crew in ground.records.crews if MINE_RESCUE in crew.can and crew.in_service]
    if DRIVE in rules:
        yield from _drives(ground, rules, squads)
    yield from _turnouts(rules, squads)


def _drives(ground: Ground, rules: Rules, squads: list[CrewFacts]) -> Findings:
    mines = [i for i, source in enumerate(ground.records.sources) if source.kind == MINE]
    if not mines:
        return
    if not squads:
        said = Words(en="No mine rescue team in service stands in the registry", zh="登记中无在役矿山救护队")
        for i in mines:
            yield rules.measured(DRIVE, source_subject(ground.records.sources[i]), np.inf, said)
        return
    starts = Starts(
        lon=np.array([squad.lon for squad in squads]),
        lat=np.array([squad.lat for squad in squads]),
        profile=tuple(squad.profile for squad in squads),
        leaves_s=np.zeros(len(squads)),
    )
    arrivals = ground.arrivals(starts, [ground.records.shapes.shape[i] for i in mines])
    for row, i in enumerate(mines):
        first, source = int(arrivals.due.first[row]), ground.records.sources[i]
        who = squads[first].team if first >= 0 else "—"
        said = Words(en=f"Drive of {who} to the mine", zh=f"{who} 行车到矿")
        yield rules.measured(DRIVE, source_subject(source), float(arrivals.due.first_s[row]), said)


def _turnouts(rules: Rules, squads: list[CrewFacts]) -> Findings:
    by_team: dict[tuple[str, bool], list[CrewFacts]] = {}
    for squad in squads:
        by_team.setdefault((squad.team, squad.profile == VehicleProfile.ON_FOOT), []).append(squad)
    for (team, on_foot), own in by_team.items():
        slowest = max(own, key=lambda squad: squad.turnout_s)
        subject = Subject("team", team, slowest.lon, slowest.lat, slowest.synthetic)
        said = Words(en=f"The slowest squad, {slowest.unit}, is out", zh=f"最慢小队 {slowest.unit} 出动")
        yield rules.measured(ON_FOOT if on_foot else TURNOUT, subject, slowest.turnout_s, said)
