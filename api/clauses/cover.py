"""Standards of cover: hazard sources reached in time, and reached by teams with their equipment."""

import numpy as np
from numpy.typing import NDArray

from api.answer_base import Words
from api.clauses.findings import Findings, Rules
from api.clauses.ground import ANYWHERE, Ground, Starts, source_subject
from api.planning import (
    NONE_ID,
    CapabilityAsked,
    NobodyCountsError,
    PlanAsked,
    Posts,
    read_posts,
    terms_of,
)
from data.database import transaction
from data.planning import PlannedSources
from data.vocabulary.clauses import shipped_clauses
from routing.coverage import NOBODY, Due

SHIPPED = ("cover-grade-1", "cover-grade-2")
EQUIPMENT = "regional-equipment"
EQUIPPED = ("engineering", "foam", "hazmat", "detection", "command")
"""Engineering rescue, chemical fire, toxic-substance handling, detection, command and communication."""
SOONEST = Words(en="Nobody in service counts for it", zh="无在役队伍符合要求")


def codes(rules: Rules) -> tuple[str, ...]:
    """Return the clauses of this subject: those shipped, and every standard of arrival a city has added."""
    shipped = {clause.code for clause in shipped_clauses()}
    return (*SHIPPED, *(code for code in rules.by_code if code not in shipped), EQUIPMENT)


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every source by whoever is first at its worst gate, coming from a base of its own."""
    for code in codes(rules):
        if code in rules:
            yield from _equipment(ground, rules) if code == EQUIPMENT else _reached(ground, rules, code)


def _reached(ground: Ground, rules: Rules, code: str) -> Findings:
    asked = PlanAsked(standard=code, preset=ground.preset)
    with transaction(ground.sessions) as session:
        terms = terms_of(session, asked, needs_time=True)
        sources = ground.records.shapes.of_grade(terms.grade)
        try:
            posts = read_posts(session, asked, terms)
        except NobodyCountsError:
            posts = None
    if not len(sources.id):
        return
    due = None if posts is None else _due(ground, posts, sources)
    by_id = {source.id: source for source in ground.records.sources}
    for i, number in enumerate(sources.id.tolist()):
        if posts is None or due is None or due.first[i] == NOBODY:
            yield rules.measured(code, source_subject(by_id[number]), np.inf, SOONEST)
            continue
        base = posts.base_name[int(posts.base[due.first[i]])]
        said = Words(en=f"First there, from {base}", zh=f"首到，出自 {base}")
        yield rules.measured(code, source_subject(by_id[number]), float(due.first_s[i]), said)


def _equipment(ground: Ground, rules: Rules) -> Findings:
    sources = ground.records.sources
    reach = {capability: _reachable(ground, capability) for capability in EQUIPPED} if sources else {}
    for i, source in enumerate(sources):
        missing = [capability for capability in EQUIPPED if not reach[capability][i]]
        lacks = f", but for {', '.join(missing)}" if missing else ""
        lacks_zh = f"，缺 {'、'.join(missing)}" if missing else ""
        said = Words(en=f"Reached by road with equipment{lacks}", zh=f"带装备可达{lacks_zh}")
        yield rules.measured(EQUIPMENT, source_subject(source), float(len(EQUIPPED) - len(missing)), said)


def _reachable(ground: Ground, capability: str) -> NDArray[np.bool_]:
    """Return which sources anybody with a capability reaches at all."""
    shapes = ground.records.shapes
    asked = PlanAsked(capability=CapabilityAsked(capability), preset=ground.preset)
    with transaction(ground.sessions) as session:
        try:
            posts = read_posts(session, asked, terms_of(session, asked, needs_time=False))
        except NobodyCountsError:
            return np.zeros(len(shapes.id), dtype=np.bool_)
    return np.isfinite(_due(ground, posts, shapes).first_s)


def _due(ground: Ground, posts: Posts, sources: PlannedSources) -> Due:
    """Return which post is first where; one that is kept for a site goes to no other."""
    position = {number: i for i, number in enumerate(sources.id.tolist())}
    kept_for_none_here = len(sources.id)
    guards = [
        ANYWHERE if number == NONE_ID else position.get(number, kept_for_none_here)
        for number in posts.guards.tolist()
    ]
    starts = Starts(
        lon=posts.lon[posts.base],
        lat=posts.lat[posts.base],
        profile=tuple(posts.profile.tolist()),
        leaves_s=posts.turnout_s,
        guards=np.array(guards, dtype=np.int64),
    )
    return ground.arrivals(starts, sources.shape).due
