"""Findings: whether one thing keeps one clause, by how much, and why."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.answer_base import Words
from api.clauses.numbers import told, told_in_chinese
from data.vocabulary.clauses import Bound, Clause
from routing.network import MS_PER_S

SECONDS = "s"


class Verdict(StrEnum):
    """What was found."""

    GREEN = "green"
    RED = "red"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Subject:
    """
    What a clause is held against: a station, a source, an enterprise, a plan, or the registry as a whole.

    ``lon`` and ``lat`` are None for what stands nowhere, such as a plan.
    """

    kind: str
    name: str
    lon: float | None = None
    lat: float | None = None
    synthetic: bool = False


REGISTRY = Subject("registry", "registry 登记")


@dataclass(frozen=True)
class Finding:
    """
    A verdict on one subject.

    Attributes
    ----------
    value : float or None
        In the clause's unit; None where there is none, as for what is never reached.
    said : Words
        The sentence.
    """

    clause: Clause
    subject: Subject
    verdict: Verdict
    value: float | None
    said: Words


@dataclass(frozen=True)
class Rules:
    """
    The clauses.

    Attributes
    ----------
    by_code : mapping
        Every clause.
    stricter : mapping
        Of a laxer clause, the strictest one of its kind, which is judged in its place.
    wanted : frozenset of str
        Which are asked about.
    """

    by_code: Mapping[str, Clause]
    stricter: Mapping[str, str]
    wanted: frozenset[str]

    def __contains__(self, code: str) -> bool:
        return code in self.wanted

    def measured(self, code: str, subject: Subject, value: float, said: Words) -> Finding:
        """
        Judge a value against the clause's threshold; ``inf`` is what never comes.

        Times are told in whole seconds, a begun one counting whole.
        """
        clause = self.by_code[code]
        if clause.threshold is None or clause.bound is None:
            return self.cannot_tell(code, subject)
        whole = whole_seconds(value) if clause.unit == SECONDS else value
        kept = whole <= clause.threshold if clause.bound is Bound.MOST else whole >= clause.threshold
        return self.decided(code, subject, kept, whole, _compared(clause, whole, said))

    def decided(self, code: str, subject: Subject, kept: bool, value: float | None, said: Words) -> Finding:
        """Return a verdict that was come to otherwise than by a threshold."""
        finite = value if value is not None and math.isfinite(value) else None
        verdict = Verdict.GREEN if kept else Verdict.RED
        return Finding(self.by_code[code], subject, verdict, finite, said)

    def cannot_tell(self, code: str, subject: Subject, why: Words | None = None) -> Finding:
        """Say that it cannot be told, and what would supply what is missing."""
        clause = self.by_code[code]
        missing = why or Words(en=clause.missing_en, zh=clause.missing_zh)
        said = Words(en=f"Cannot tell: {missing.en}.", zh=f"无法判定：{missing.zh}。")
        return Finding(clause, subject, Verdict.CANNOT_TELL, None, said)

    def nothing_for(self, code: str) -> Finding:
        """Say that nothing stands in the registry that a clause is for, or nothing to tell it by."""
        clause = self.by_code[code]
        absent = Words(en=clause.absent_en, zh=clause.absent_zh) if clause.absent_en else None
        return self.cannot_tell(code, REGISTRY, absent)


Findings = Iterator[Finding]


def rules_of(every: tuple[Clause, ...]) -> Rules:
    """Return the clauses by their codes, and which strictest one stands in for those of its kind."""
    strictest: dict[str, Clause] = {}
    for clause in every:
        if clause.stricter_of:
            so_far = strictest.setdefault(clause.stricter_of, clause)
            if _threshold(clause) < _threshold(so_far):
                strictest[clause.stricter_of] = clause
    stricter = {
        clause.code: strictest[clause.stricter_of].code
        for clause in every
        if clause.stricter_of and strictest[clause.stricter_of] is not clause
    }
    by_code = {clause.code: clause for clause in every}
    return Rules(by_code, stricter, frozenset(by_code))


def whole_seconds(seconds: float) -> float:
    """Return a time in whole seconds, a begun one counting whole; a thousandth too much is no second."""
    return float(math.ceil(round(seconds * MS_PER_S) / MS_PER_S)) if math.isfinite(seconds) else seconds


def _threshold(clause: Clause) -> float:
    return math.inf if clause.threshold is None else clause.threshold


def _compared(clause: Clause, value: float, said: Words) -> Words:
    least = clause.bound is Bound.LEAST
    found, asked = told(value, clause.unit), told(clause.threshold, clause.unit)
    found_zh, asked_zh = (told_in_chinese(one, clause.unit) for one in (value, clause.threshold))
    return Words(
        en=f"{said.en}: {found}, {'at least' if least else 'at most'} {asked} asked.",
        zh=f"{said.zh}：{found_zh}，要求{'不少于' if least else '不超过'} {asked_zh}。",
    )
