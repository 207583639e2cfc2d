"""GB 30077 §8.3: outside supplies count only where they are within five minutes of the alarm."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules, Subject, whole_seconds
from api.clauses.ground import Arrivals, Ground, Starts
from data.agreements import AgreementFacts, AuthorityFacts
from data.clause_facts import CrewFacts

REACH = "agreement-supplies-reach"
CODES = (REACH,)
CIVILIAN = "passenger"


@dataclass(frozen=True)
class _Parties:
    """The bases of every authority with agreements, and when a civilian vehicle from each is where."""

    bases: tuple[CrewFacts, ...]
    arrivals: Arrivals

    def rows(self, authority: str) -> NDArray[np.int64]:
        return np.array(
            [i for i, base in enumerate(self.bases) if base.authority == authority], dtype=np.int64
        )


def findings(ground: Ground, rules: Rules) -> Findings:
    """
    Judge every agreement: at how many sites of others its supplies count, and how soon at the nearest one.

    Notice is the time its party takes to approve, loading the time in which it has promised to be under way,
    and the drive is that of an ordinary car. An agreement counts where it does so at one site at least.
    """
    records = ground.records
    authorities = {one.id: one for one in records.authorities}
    parties = None if not records.sources else _parties(ground, {one.name for one in authorities.values()})
    for agreement in records.agreements:
        yield _judged(ground, rules, authorities[agreement.authority_id], agreement, parties)


def _parties(ground: Ground, names: set[str]) -> _Parties | None:
    bases = tuple({crew.base: crew for crew in ground.records.crews if crew.authority in names}.values())
    if not bases:
        return None
    starts = Starts(
        lon=np.array([base.lon for base in bases]),
        lat=np.array([base.lat for base in bases]),
        profile=(CIVILIAN,) * len(bases),
        leaves_s=np.zeros(len(bases)),
    )
    return _Parties(bases, ground.arrivals(starts, ground.records.shapes.shape))


def _judged(
    ground: Ground, rules: Rules, party: AuthorityFacts, agreement: AgreementFacts, parties: _Parties | None
) -> Finding:
    rows = np.zeros(0, dtype=np.int64) if parties is None else parties.rows(party.name)
    if parties is None or not len(rows):
        return rules.cannot_tell(REACH, Subject("agreement", f"{party.name} · {agreement.number}"))
    base = parties.bases[int(rows[0])]
    subject = Subject("agreement", f"{party.name} · {agreement.number}", base.lon, base.lat, base.synthetic)
    if not agreement.holds(ground.records.today, agreement.incident_kind or ""):
        ended = Words(
            en=f"Not in force on {ground.records.today}: nothing counts under it.",
            zh=f"{ground.records.today} 不在有效期内：不计入。",
        )
        return rules.decided(REACH, subject, kept=False, value=None, said=ended)
    arrives_s = _arrives_s(ground, party, agreement, parties, rows)
    counts = sum(whole_seconds(s) <= (rules.by_code[REACH].threshold or 0) for s in arrives_s.values())
    soonest = min(arrives_s, key=lambda i: (arrives_s[i], i), default=None)
    if soonest is None:
        return rules.cannot_tell(
            REACH, subject, Words(en="no site of others stands in the registry", zh="登记中无其他单位危险源")
        )
    name = ground.records.sources[soonest].name
    said = Words(
        en=f"Counts at {counts} of {len(arrives_s)} sites; notice, loading and drive to {name}",
        zh=f"可计入 {counts}/{len(arrives_s)} 处；通知、装载、行车至 {name}",
    )
    return rules.measured(REACH, subject, arrives_s[soonest], said)


def _arrives_s(
    ground: Ground,
    party: AuthorityFacts,
    agreement: AgreementFacts,
    parties: _Parties,
    rows: NDArray[np.int64],
) -> Mapping[int, float]:
    """Return when its supplies are at the worst gate of each site of others, by the site's position."""
    first_s = parties.arrivals.seconds[rows].min(axis=0)
    worst_s = np.full(len(ground.records.sources), -np.inf)
    np.maximum.at(worst_s, parties.arrivals.spots.shape, first_s)
    leaves_s = party.approval_s + agreement.mobilise_within_s
    return {
        i: float(worst_s[i]) + leaves_s
        for i, source in enumerate(ground.records.sources)
        if source.enterprise != party.name
    }
