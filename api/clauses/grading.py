"""GB 18218: units of hazard sources identified and graded as the standard's tables have it."""

from collections.abc import Sequence
from dataclasses import replace

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules, Subject
from api.clauses.ground import Ground, source_subject
from data.clause_facts import GradedSource, RecordedUnit
from geo.errors import InvalidInputError
from geo.grading import GbUnit, GbUnitGrade, Substance, grade_gb_unit
from geo.grading.tables import alpha_bands

IDENTIFIED, LEVEL = "gb18218-identified", "gb18218-level"
THRESHOLD, BETA, ALPHA = "gb18218-threshold", "gb18218-beta", "gb18218-alpha"
BY_TABLES = (IDENTIFIED, LEVEL, THRESHOLD, BETA)
CODES = (*BY_TABLES, ALPHA)
AROUND_M = 500.0
NOT_PRINTED = frozenset({"1333-74-0", "68476-85-7"})
"""Hydrogen and LPG: that they are of class W2 was not confirmed in a printed source."""


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every unit of every source."""
    for i, source in enumerate(ground.records.sources):
        if not source.units:
            yield rules.cannot_tell(IDENTIFIED, source_subject(source))
        for unit in source.units:
            yield from by_tables(rules, _subject(source, unit), unit)
            yield _alpha(ground, rules, i, unit)


def by_tables(rules: Rules, subject: Subject, unit: RecordedUnit) -> Findings:
    """Grade a unit anew and hold what is recorded against it; one without substances tells nothing."""
    if not unit.substances:
        yield from (rules.cannot_tell(code, subject) for code in BY_TABLES)
        return
    try:
        graded = graded_anew(unit)
    except InvalidInputError as error:
        for code in BY_TABLES:
            yield rules.cannot_tell(code, subject, Words(en=str(error), zh=f"表中不能确定：{error}"))
        return
    major = graded.s >= 1
    yield rules.decided(IDENTIFIED, subject, (unit.grade is not None) == major, graded.s, _identified(graded))
    recorded = "none" if unit.grade is None else str(unit.grade)
    right = "none" if graded.grade is None else str(graded.grade)
    yield rules.decided(
        LEVEL,
        subject,
        unit.grade == graded.grade,
        None if graded.grade is None else float(graded.grade),
        Words(
            en=f"R = {graded.r:.4g} with alpha {graded.alpha:g}: level {right}, recorded {recorded}.",
            zh=f"R = {graded.r:.4g}（系数 {graded.alpha:g}）：应为 {right} 级，登记 {recorded}。",
        ),
    )
    pairs = tuple(zip(unit.substances, graded.substances, strict=True))
    wrong_q = [
        f"{new.name} Q {old.threshold_t:g} t, not {new.threshold_t:g}"
        for old, new in pairs
        if old.threshold_t != new.threshold_t
    ]
    yield _factors(
        rules, THRESHOLD, subject, wrong_q, [f"{new.name}: {new.threshold_source}" for _, new in pairs]
    )
    wrong_beta = [
        f"{new.name} β {old.beta:g}, not {new.beta:g}" for old, new in pairs if old.beta != new.beta
    ]
    sources = [f"{new.name} β {new.beta:g}, {new.beta_source}{_doubt(old.cas)}" for old, new in pairs]
    yield _factors(rules, BETA, subject, wrong_beta, sources)


def graded_anew(unit: RecordedUnit) -> GbUnitGrade:
    """Grade a recorded unit by the tables."""
    held = tuple(
        Substance(each.name, each.cas, each.hazard_class, each.design_max_t) for each in unit.substances
    )
    return grade_gb_unit(GbUnit(unit.name, unit.residents_500m, held))


def alpha_of(residents: float) -> float:
    """Return the alpha of so many residents within 500 m."""
    return next(band.alpha for band in alpha_bands() if residents >= band.residents_from)


def _subject(source: GradedSource, unit: RecordedUnit) -> Subject:
    return replace(source_subject(source), kind="unit", name=f"{source.name} · {unit.name}")


def _identified(graded: GbUnitGrade) -> Words:
    return Words(
        en=f"S = {graded.s:.4g}: {'a' if graded.s >= 1 else 'no'} major hazard installation.",
        zh=f"S = {graded.s:.4g}：{'构成' if graded.s >= 1 else '不构成'}重大危险源。",
    )


def _doubt(cas: str | None) -> str:
    return " (not confirmed in a printed source)" if cas in NOT_PRINTED else ""


def _factors(
    rules: Rules, code: str, subject: Subject, wrong: Sequence[str], sources: Sequence[str]
) -> Finding:
    told, right = "; ".join(wrong), "; ".join(sources)
    en = f"Recorded {told}." if wrong else f"As the tables have it: {right}."
    zh = f"登记有误：{told}。" if wrong else f"与表一致：{right}。"
    return rules.decided(code, subject, not wrong, float(len(wrong)), Words(en=en, zh=zh))


def _alpha(ground: Ground, rules: Rules, i: int, unit: RecordedUnit) -> Finding:
    source = ground.records.sources[i]
    subject, people = _subject(source, unit), ground.people
    if people is None:
        return rules.cannot_tell(ALPHA, subject)
    residents = people.within(ground.metric_shapes[i], AROUND_M)
    right = alpha_of(residents)
    said = Words(
        en=f"{residents:,.0f} residents within {AROUND_M:g} m of the boundary: "
        f"alpha {right:g}, recorded {unit.alpha:g}.",
        zh=f"厂界外 {AROUND_M:g} m 内常住 {residents:,.0f} 人：系数应为 {right:g}，登记 {unit.alpha:g}。",
    )
    return rules.decided(ALPHA, subject, right == unit.alpha, right, said)
