"""Response plans: revised, filed and drilled, and one for every kind and severity of incident."""

from datetime import date

import numpy as np

from api.answer_base import Words
from api.clauses.drills import last_drill
from api.clauses.findings import Finding, Findings, Rules, Subject
from api.clauses.ground import Ground, Records
from api.clauses.numbers import months_since
from data.clause_facts import KindName
from data.records import PlanRecord

REVISED, ON_CHANGE, COVER = "plan-revised", "plan-revised-on-change", "plan-cover"
FILED, DRILLED = "plan-filed", "plan-drilled"
CODES = (REVISED, ON_CHANGE, COVER, FILED, DRILLED)
SEVERITIES = (1, 2, 3, 4)
ALL, NONE = 100.0, 0.0
NO_CHANGE = Words(
    en="no base, team or depot came or went since the registry was first filled",
    zh="登记建立以来无基地、队伍或仓库变动",
)


def findings(ground: Ground, rules: Rules) -> Findings:
    """
    Judge every plan, and every kind of incident.

    That a plan was not filed or drilled is only known where filing and drills are on record at all.
    """
    records = ground.records
    filing = any(plan.filed_on for plan in records.plans)
    drilling = any(drill.plan for drill in records.drills)
    for plan in records.plans:
        subject = Subject("plan", plan.name)
        yield _revised(rules, subject, plan, records.today)
        yield _on_change(rules, subject, plan, records)
        yield _filed(rules, subject, plan, records.today) if filing else rules.cannot_tell(FILED, subject)
        yield _drilled(rules, subject, plan, records) if drilling else rules.cannot_tell(DRILLED, subject)
    for kind in records.kinds:
        yield _covered(rules, kind, records)


def _revised(rules: Rules, subject: Subject, plan: PlanRecord, today: date) -> Finding:
    if plan.revised_on is None or plan.revised_on > today:
        return rules.cannot_tell(REVISED, subject)
    said = Words(en=f"Since its last revision, on {plan.revised_on}", zh=f"距上次修订（{plan.revised_on}）")
    return rules.measured(REVISED, subject, float(months_since(plan.revised_on, today)), said)


def _on_change(rules: Rules, subject: Subject, plan: PlanRecord, records: Records) -> Finding:
    changed = records.changed_on
    if changed is None:
        return rules.cannot_tell(ON_CHANGE, subject, NO_CHANGE)
    if plan.revised_on is None:
        return rules.cannot_tell(ON_CHANGE, subject)
    said = Words(
        en=f"Revised on {plan.revised_on}, a base, team or depot last came or went on {changed}; behind by",
        zh=f"{plan.revised_on} 修订，基地、队伍或仓库最近变动于 {changed}；滞后",
    )
    return rules.measured(ON_CHANGE, subject, float(max((changed - plan.revised_on).days, 0)), said)


def _filed(rules: Rules, subject: Subject, plan: PlanRecord, today: date) -> Finding:
    filed = plan.filed_on is not None and plan.filed_on <= today
    said = Words(en=f"Filed on {plan.filed_on}", zh=f"备案于 {plan.filed_on}")
    if not filed:
        said = Words(en="No filing is on record", zh="无备案记录")
    return rules.measured(FILED, subject, ALL if filed else NONE, said)


def _drilled(rules: Rules, subject: Subject, plan: PlanRecord, records: Records) -> Finding:
    days = [drill.held_on for drill in records.drills if drill.plan == plan.name]
    last = last_drill(days, records.today)
    said = Words(en=f"Last drilled on {last}", zh=f"最近演练于 {last}")
    if last is None:
        said = Words(en="No drill of it is on record", zh="无该预案演练记录")
    return rules.measured(DRILLED, subject, NONE if last is None else ALL, said)


def _covered(rules: Rules, kind: KindName, records: Records) -> Finding:
    """Judge a kind of incident by the severities that have a plan for every grade and substance."""
    own = [scope for scope in records.scopes if scope.kind == kind.code and scope.general]
    bare = [s for s in SEVERITIES if not any(scope.severity in (None, s) for scope in own)]
    lacks = f" (none for severity {', '.join(map(str, bare))})" if bare else ""
    lacks_zh = f"（缺 {'、'.join(map(str, bare))} 级）" if bare else ""
    said = Words(en=f"Severities with a plan{lacks}", zh=f"有预案的级别{lacks_zh}")
    share = float(np.round(ALL * (len(SEVERITIES) - len(bare)) / len(SEVERITIES), 1))
    return rules.measured(COVER, Subject("incident-kind", f"{kind.name_zh} {kind.name_en}"), share, said)
