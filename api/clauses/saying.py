"""Findings in the words of the answer."""

from collections import Counter
from collections.abc import Sequence

from api.answer_base import Words
from api.clauses.answer import ClauseSaid, ClausesAnswer, FindingSaid, TotalsSaid
from api.clauses.findings import Finding, Rules, Verdict
from api.clauses.ground import Ground
from api.rounding import amount, lon_lat
from data.models import Strength
from data.vocabulary.clauses import Clause

HOW = (
    "units start from their bases, nobody is taken to be busy, roads are as planned; times in whole seconds, "
    "a begun one counting whole",
    "what was not confirmed in a printed source is marked so; a should forbids nothing, what it lacks is its "
    "price",
    "where a clock starts with the alarm the time until the order is taken as nothing, but for the notice "
    "under an agreement",
    "AQ/T 9007-2019 names forms of drills and neither binds nor advises: it has no clause",
    "vehicles and supplies of others do not count for an enterprise: no agreement names the site it is for",
)


def answer_of(ground: Ground, rules: Rules, findings: Sequence[Finding]) -> ClausesAnswer:
    """Return the answer."""
    stored = ground.roads.stored
    counts = Counter((finding.clause.code, finding.verdict) for finding in findings)
    return ClausesAnswer(
        roads=stored.name,
        roads_hash=stored.hash,
        licence=ground.roads.licence,
        today=ground.records.today,
        preset=ground.preset,
        wind_from_deg=ground.layers.wind_from_deg,
        totals=_totals(findings),
        clauses=[
            _clause(clause, counts, rules.stricter.get(code))
            for code, clause in rules.by_code.items()
            if code in rules
        ],
        findings=[_finding(finding) for finding in findings],
        notes=list(HOW),
    )


def _totals(findings: Sequence[Finding]) -> TotalsSaid:
    verdicts = Counter(finding.verdict for finding in findings)
    reds = [finding for finding in findings if finding.verdict is Verdict.RED]
    return TotalsSaid(
        green=verdicts[Verdict.GREEN],
        red=verdicts[Verdict.RED],
        cannot_tell=verdicts[Verdict.CANNOT_TELL],
        red_shall=sum(finding.clause.strength == Strength.SHALL for finding in reds),
    )


def _clause(clause: Clause, counts: Counter[tuple[str, Verdict]], judged_by: str | None) -> ClauseSaid:
    return ClauseSaid(
        code=clause.code,
        name=Words(en=clause.name_en, zh=clause.name_zh),
        clause=clause.clause,
        strength=clause.strength,
        decided_by=clause.decided_by,
        bound=clause.bound,
        threshold=clause.threshold,
        unit=clause.unit,
        clock_start=clause.clock_start,
        percentile=clause.percentile,
        source=clause.source,
        confirmed=clause.confirmed,
        green=counts[clause.code, Verdict.GREEN],
        red=counts[clause.code, Verdict.RED],
        cannot_tell=counts[clause.code, Verdict.CANNOT_TELL],
        judged_by=judged_by,
    )


def _finding(finding: Finding) -> FindingSaid:
    clause, subject = finding.clause, finding.subject
    placed = subject.lon is not None and subject.lat is not None
    return FindingSaid(
        clause=clause.code,
        strength=clause.strength,
        subject_kind=subject.kind,
        subject=subject.name,
        place=lon_lat(subject.lon or 0.0, subject.lat or 0.0) if placed else None,
        verdict=finding.verdict,
        value=None if finding.value is None else amount(finding.value),
        threshold=clause.threshold,
        bound=clause.bound,
        unit=clause.unit,
        source=clause.source,
        confirmed=clause.confirmed,
        sentence=finding.said,
        synthetic=subject.synthetic,
    )
