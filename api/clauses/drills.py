"""Drills: of the government, and of enterprises with hazardous goods, as often as the strictest rule asks."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from api.answer_base import Words
from api.clauses.enterprises import Holder, holders
from api.clauses.findings import Finding, Findings, Rules, Subject
from api.clauses.ground import Ground, Records
from api.clauses.numbers import months_since
from data.models import DrillOrganiser

GOVERNMENT = ("drill-government-708", "drill-government-shiyan")
HAZMAT = ("drill-hazmat-708", "drill-hazmat-shiyan")
CODES = (*GOVERNMENT, *HAZMAT)
NO_DRILL = Words(en="no drill is recorded at all; enter drills", zh="全无演练记录；请录入")
BUREAU = Subject("government", "政府 government")


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge the government, and every enterprise with a major hazard by the drills of its own teams."""
    records = ground.records
    for code in _strictest(rules, GOVERNMENT):
        yield _government(rules, code, records)
    for code in _strictest(rules, HAZMAT):
        for holder in holders(records):
            yield _enterprise(rules, code, holder, records)


def last_drill(days: Sequence[date], today: date) -> date | None:
    """Return when the last drill was held that is not still to come."""
    return max((day for day in days if day <= today), default=None)


def _strictest(rules: Rules, codes: Sequence[str]) -> list[str]:
    return [code for code in codes if code in rules.by_code and code not in rules.stricter]


def _government(rules: Rules, code: str, records: Records) -> Finding:
    if not records.drills:
        return rules.cannot_tell(code, BUREAU)
    days = [drill.held_on for drill in records.drills if drill.organiser == DrillOrganiser.GOVERNMENT]
    return _since(rules, code, BUREAU, last_drill(days, records.today), records.today)


def _enterprise(rules: Rules, code: str, holder: Holder, records: Records) -> Finding:
    if not records.drills:
        return rules.cannot_tell(code, holder.subject, NO_DRILL)
    if not holder.teams:
        return rules.cannot_tell(code, holder.subject)
    days = [drill.held_on for drill in records.drills if drill.team in holder.teams]
    return _since(rules, code, holder.subject, last_drill(days, records.today), records.today)


def _since(rules: Rules, code: str, subject: Subject, last: date | None, today: date) -> Finding:
    if last is None:
        never = Words(en="No drill is on record", zh="无演练记录")
        return rules.measured(code, subject, np.inf, never)
    said = Words(en=f"Since the last drill, on {last}", zh=f"距上次演练（{last}）")
    return rules.measured(code, subject, float(months_since(last, today)), said)
