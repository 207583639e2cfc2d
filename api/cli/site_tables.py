"""A siting answer as a person at a terminal reads it."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import table
from api.cli.tables import console
from api.siting.answer import (
    BuiltSaid,
    BusySaid,
    GradeSaid,
    LatestSaid,
    ModelSaid,
    NeededSaid,
    PlanSaid,
    ProofSaid,
    SitingAnswer,
)
from geo.maps.words import clock

MOST_NAMES = 8
MOST_TIES = 20
NOTHING = "nothing new"


def print_siting(answer: SitingAnswer) -> None:
    """Print the best plan, its rivals, what other aims would choose, the rules, and what is proved."""
    paper = console()
    for text in _headline(answer):
        paper.print(text)
    paper.print(
        _plans("Ranking, best first", [("today", answer.today), *_ranked(answer.top or (answer.best,))])
    )
    for built in answer.built:
        paper.print(Text(_built_words(built)))
    if answer.options:
        paper.print(Text(_ties(answer), style="dim"))
    paper.print(
        _plans("Cover against latest arrival (none of these beats another in both)", _ranked(answer.front))
    )
    paper.print(_models("What other aims would build", _aims(answer)))
    if answer.curve:
        paper.print(_models("What each further base adds", answer.curve))
    if answer.busy is not None:
        paper.print(Text(_busy_words(answer.busy)))
        paper.print(_busy(answer.busy))
    for said in answer.holding:
        paper.print(f"Local force first: {said.held:g} of {said.sources} sources in time ({said.scenario})")
    paper.print(_rules(answer))
    for line in _endings(answer):
        paper.print(line)


def sites_named(plan: PlanSaid) -> str:
    """Return what a plan builds, in words."""
    more = f" and {len(plan.sites) - MOST_NAMES} more" if len(plan.sites) > MOST_NAMES else ""
    return (" + ".join(plan.sites[:MOST_NAMES]) or NOTHING) + more


def proved_words(proof: ProofSaid) -> str:
    """Say how near the best an answer is proved to be."""
    if proof.proved:
        return f"proved ({proof.method}, {proof.seconds_spent:g} s)"
    gap = "no bound" if proof.gap is None else f"gap {proof.gap:.2%}"
    return f"not proved, {gap} after {proof.seconds_spent:g} s"


def latest_words(latest: LatestSaid | None) -> str:
    """Say which arrival is the latest, and how it stands to its deadline."""
    if latest is None:
        return "nothing is reached"
    if latest.arrival_s is None:
        return f"never: {latest.source} (level {latest.grade})"
    past_s = latest.past_deadline_s or 0.0
    late = f", {clock(past_s)} late" if past_s > 0 else ""
    return f"{clock(latest.arrival_s)}{late}: {latest.source} (level {latest.grade})"


def grades_words(grades: Sequence[GradeSaid]) -> str:
    """Say how many sources of each level are reached."""
    return "  ".join(f"L{each.grade} {reached_words(each)}" for each in grades)


def reached_words(grade: GradeSaid) -> str:
    """Say how many sources of a level are reached, and in every scenario where that differs."""
    always = "" if grade.always == grade.reached else f" ({grade.always:.3g} always)"
    return f"{grade.reached:.3g}/{grade.sources}{always}"


def needed_words(needed: NeededSaid) -> str:
    """Say how many bases reach everything, or what none can reach and which standard would do."""
    if not needed.unreachable:
        return f"{needed.number} new bases reach every source in time, {proved_words(needed.model.proof)}."
    if needed.later_s is None:
        would = "no standard would do, for no road leads to some of them"
    elif needed.smallest_standard_s is None:
        would = f"every deadline would have to be {clock(needed.later_s)} later"
    else:
        would = f"the smallest standard that would do is {clock(needed.smallest_standard_s)}"
    return (
        f"No choice reaches everything: {_listed(needed.unreachable)} lie out of reach of every site; "
        f"{would}. {needed.number} new bases reach all the rest, {proved_words(needed.model.proof)}."
    )


def _headline(answer: SitingAnswer) -> list[Text]:
    question, best = answer.question, answer.best
    tier = f", then a base before {clock(question.holding_s)} of holding end" if question.holding_s else ""
    first = Text.assemble(
        (f"{question.new} new on {question.roads}: {sites_named(best)}", "bold green"),
        f"\n{grades_words(best.grades)}, latest arrival {latest_words(best.latest)}",
        f"\nStandard {question.standard} ({question.strength}): {question.seconds:g} s from the "
        f"{question.clock_start}{tier}; {question.percentile:g} % of sources, {question.needs}",
        f"\n{proved_words(answer.proof)}",
    )
    said = [first]
    if answer.remark:
        said.append(Text(f"{answer.remark[0].upper()}{answer.remark[1:]}.", style="bold yellow"))
    return said


def _ranked(plans: Sequence[PlanSaid]) -> list[tuple[str, PlanSaid]]:
    return [("-" if plan.rank is None else f"{plan.rank:,}", plan) for plan in plans]


def _plans(title: str, rows: Sequence[tuple[str, PlanSaid]]) -> Table:
    found = table(title)
    for heading in ("rank", "cost"):
        found.add_column(heading, justify="right")
    for heading in ("builds", "reached in time", "latest arrival"):
        found.add_column(heading, overflow="fold")
    for rank, plan in rows:
        found.add_row(rank, *_plan_cells(plan))
    return found


def _plan_cells(plan: PlanSaid) -> tuple[Text, ...]:
    cost = "-" if plan.cost is None else f"{plan.cost:g}"
    broken = " (!)" if plan.breaks else ""
    cells = (cost, f"{sites_named(plan)}{broken}", grades_words(plan.grades), latest_words(plan.latest))
    return tuple(Text(cell) for cell in cells)


def _models(title: str, models: Sequence[ModelSaid]) -> Table:
    found = table(title)
    found.add_column("aim")
    found.add_column("cost", justify="right")
    for heading in ("builds", "reached in time", "latest arrival", "proof"):
        found.add_column(heading, overflow="fold")
    for model in models:
        found.add_row(Text(model.aim), *_plan_cells(model.plan), Text(proved_words(model.proof)))
    return found


def _built_words(built: BuiltSaid) -> str:
    return (
        f"{built.site} reaches {built.reached:.3g} sources in time, {built.alone:.3g} no other base does "
        f"and {built.with_new:.3g} another new one does too"
    )


def _busy_words(busy: BusySaid) -> str:
    return (
        f"Bases are out {busy.fraction:.0%} of the time ({busy.calls}): of calls {busy.expected_cover:.1%} "
        f"are answered in time, {busy.loss:.1%} find no base free that could come ({busy.method})."
    )


def _busy(busy: BusySaid) -> Table:
    """Say who answers what under the best plan; the plan that minds it is another aim."""
    found = table("Who answers what")
    found.add_column("base", overflow="fold")
    for heading in ("out", "answers"):
        found.add_column(heading, justify="right")
    for base in busy.bases:
        found.add_row(Text(base.site), f"{base.busy:.1%}", f"{base.answers:.1%}")
    return found


def _aims(answer: SitingAnswer) -> list[ModelSaid]:
    busy = [] if answer.busy is None else [answer.busy.aim]
    return [*answer.other_aims, *busy, answer.needed.model]


def _rules(answer: SitingAnswer) -> Table:
    found = table("Rules beside the best plan")
    for heading in ("clause", "strength", "rule", "", "price of keeping it"):
        found.add_column(heading, overflow="fold")
    style = {"kept": "green", "broken": "red"}
    for rule in answer.rules:
        verdict = Text(rule.verdict, style=style.get(rule.verdict, "yellow"))
        found.add_row(Text(rule.clause), rule.strength, Text(rule.rule), verdict, Text(rule.price))
    return found


def _ties(answer: SitingAnswer) -> str:
    more = f"{len(answer.near_ties)}" if len(answer.near_ties) < MOST_TIES else f"{MOST_TIES} or more"
    return f"{answer.options:,} options scored; near-ties (at most one lower source fewer): {more}"


def _endings(answer: SitingAnswer) -> list[Text]:
    lines = [Text(needed_words(answer.needed))]
    lines += [Text(f"Why not {said.site}: {said.sentence}.") for said in answer.why_not]
    if answer.never_reached:
        lines.append(Text(f"No road leads to {_listed(answer.never_reached)} from any site.", style="yellow"))
    lines += [Text(f"Barred: {reason}") for reason in answer.barred[:MOST_NAMES]]
    lines.append(Text(f"Weights: {answer.question.weights}", style="dim"))
    lines.append(
        Text(
            f"New bases: {answer.question.new_base}. Tried on: {_listed(answer.question.scenarios, '; ')}.",
            style="dim",
        )
    )
    return lines + [Text(f"Note: {note}", style="dim") for note in answer.notes]


def _listed(names: Sequence[str], apart: str = ", ") -> str:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return apart.join(names[:MOST_NAMES]) + more
