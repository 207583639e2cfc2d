"""The survey of resources: every row that stands for something out there has been verified."""

from collections.abc import Sequence

from api.answer_base import Words
from api.clauses.findings import Findings, Rules, Subject
from api.clauses.ground import Ground
from data.records import VerifiedRow

SURVEY = "resource-survey"
CODES = (SURVEY,)
ALL = 100.0


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every table; where nothing was ever verified no survey is on record and nothing can be told."""
    rows = ground.records.verified
    tables: dict[str, list[VerifiedRow]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    surveyed = any(row.verified_on for row in rows)
    for table, own in tables.items():
        subject = Subject("table", table)
        if not surveyed:
            yield rules.cannot_tell(SURVEY, subject)
            continue
        done = _done(own)
        said = Words(en=f"{done} of {len(own)} rows verified", zh=f"{len(own)} 条中已核实 {done} 条")
        yield rules.measured(SURVEY, subject, ALL * done / len(own), said)


def _done(rows: Sequence[VerifiedRow]) -> int:
    return sum(row.verified_on is not None for row in rows)
