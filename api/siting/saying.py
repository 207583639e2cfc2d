"""A siting question's findings put into the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from api.live_roads import LiveRoads
from api.siting.answer import (
    HoldingSaid,
    NeededSaid,
    PlanSaid,
    RuleSaid,
    SitingAnswer,
)
from api.siting.asked import SitingAsked
from api.siting.built import built_said
from api.siting.busy import busy_said
from api.siting.demand import WEIGHTS
from api.siting.ground import Ground, finite
from api.siting.models import MOST_COVER, SOONEST_WORST, TOP, Choice, Models, named_plans, proof
from api.siting.question import QuestionSaid, SiteSaid, SourceSaid
from api.siting.reading import Read
from api.siting.rules import rules_said

SHOWN_FRONT = 3
ON_FRONT = "less cover, sooner latest arrival"
CHOSEN = "chosen"
UNCOUNTED = (
    "Arrivals are turnout and driving, in whole seconds rounded up; exactly the standard is in time. "
    "Call handling before the order is not counted: nobody has recorded it."
)
FROM_WHEELS = "Arrivals are driving alone, in whole seconds rounded up: this clock starts as the wheels roll."
UNMINDED = "Least number, latest arrival, weighted arrival and the curve mind no cost and no budget."
ONE_COUNTS = (
    "Plans are ranked by what they reach on average over the scenarios; the standard is kept, and a source "
    "drawn as reached, only where it is reached in every one."
)
NAMES_NONE = (
    "The standard names no capability: a hazmat base is sited, and whatever stands counts by that. "
    "Give --need for another."
)
TWO_TIERS = (
    "A base has until the end of the time a local force holds, counted from when that comes; where none "
    "comes within the standard, the base itself must come within it."
)


@dataclass(frozen=True)
class Asked:
    """A question with what was found of it before any model was asked."""

    asked: SitingAsked
    found: Read
    roads: LiveRoads
    barred: Mapping[str, str]
    holding: tuple[HoldingSaid, ...]


def say_answer(question: Asked, models: Models) -> SitingAnswer:
    """Ask the models and put what they say together."""
    ground, asked = models.ground, question.asked
    choice = models.choose()
    best, today = ground.plan(choice.best, 1 if choice.ranking and choice.best else None), ground.plan(())
    ranking = choice.ranking
    top = () if ranking is None else tuple(models.option(each) for each in ranking.top(TOP))
    front, needed = models.front(choice), models.needed()
    aims = (models.soonest_worst(), models.least_travel())
    shown = [(MOST_COVER, best), *_front_shown(front)]
    shown += [("runner-up", plan) for plan in top[1:2]] + [(aims[1].aim, aims[1].plan)]
    shown.append(("what stands today", today))
    return SitingAnswer(
        question=_question(question, ground),
        best=best,
        today=today,
        proof=proof(choice.siting),
        remark=choice.remark,
        built=built_said(ground, choice.best),
        runner_up=top[1] if len(top) > 1 else None,
        options=0 if ranking is None else len(ranking.options),
        top=top,
        near_ties=() if ranking is None else models.near_ties(ranking),
        front=front,
        other_aims=aims,
        needed=needed,
        why_not=tuple(models.why_not(name, choice, dict(question.barred)) for name in asked.why_not),
        curve=models.curve() if asked.curve else (),
        busy=None if asked.busy is None else busy_said(models, asked.busy, choice),
        holding=question.holding,
        rules=rules_said(
            best,
            _standard_rule(question, best, models.keeping_standard(ranking), needed),
            models.keeping_rules(ranking),
            question.found.exits,
        ),
        barred=tuple(f"{name}: {reason}" for name, reason in question.barred.items()),
        never_reached=ground.source_names(np.flatnonzero(~ground.reachable).tolist()),
        notes=_notes(question, choice, ground),
        plans=named_plans(ground, shown),
        sites=_sites(ground),
        sources=_sources(question.found),
    )


def _front_shown(front: tuple[PlanSaid, ...]) -> list[tuple[str, PlanSaid]]:
    """Return some plans of the front besides the first, the last among them."""
    picked = sorted({round(at) for at in np.linspace(1, len(front) - 1, SHOWN_FRONT) if at >= 1})
    last = len(front) - 1
    return [(SOONEST_WORST if at == last else ON_FRONT, front[at]) for at in picked if at <= last]


def _question(question: Asked, ground: Ground) -> QuestionSaid:
    asked, found = question.asked, question.found
    standard, base = found.standard, found.equipment
    return QuestionSaid(
        roads=question.roads.stored.name,
        licence=question.roads.licence,
        new=asked.new,
        standard=standard.code if standard else "seconds",
        seconds=standard.seconds if standard else asked.clock.seconds or 0.0,
        strength=standard.strength if standard else CHOSEN,
        percentile=ground.percentile,
        clock_start=standard.clock_start if standard else "order",
        source=standard.source if standard else "the planner",
        needs=f"{base.capability} at level {base.level:g} or more",
        new_base=f"{base.profile}, {base.turnout_s:g} s turnout",
        holding_s=asked.clock.holding_s,
        scenarios=ground.scenarios,
        weights=WEIGHTS,
    )


def _standard_rule(question: Asked, best: PlanSaid, keeping: PlanSaid | None, needed: NeededSaid) -> RuleSaid:
    said = _question_rule(question)
    late = sum(each.sources - each.always for each in best.grades)
    words = [f"{late:.3g} sources are reached late or never"] if late else []
    if keeping is not None and not best.keeps_standard:
        words.append(f"{' + '.join(keeping.sites)}, rank {keeping.rank}, keeps it")
    if not best.keeps_standard and not needed.unreachable:
        words.append(f"{needed.number} new bases reach everything in time")
    return RuleSaid(*said, "kept" if best.keeps_standard else "broken", "; ".join(words))


def _question_rule(question: Asked) -> tuple[str, str, str]:
    standard, clock = question.found.standard, question.asked.clock
    if standard is None:
        return "planner", CHOSEN, f"every graded source within {clock.seconds:g} s"
    clause = f"{standard.code} {standard.clause}".strip()
    return clause, standard.strength, f"{standard.name_en}: within {standard.seconds:g} s"


def _notes(question: Asked, choice: Choice, ground: Ground) -> tuple[str, ...]:
    found = question.found
    wheels = found.standard is not None and found.standard.clock_start == "departure"
    notes = [*found.notes, FROM_WHEELS if wheels else UNCOUNTED, UNMINDED]
    if len(ground.scenarios) > 1:
        notes.append(ONE_COUNTS)
    if found.standard is not None and found.standard.grade is not None:
        notes.append(
            f"The standard is owed to sources of level {found.standard.grade} alone; others are left out."
        )
    if (
        found.standard is not None
        and found.standard.capability is None
        and question.asked.base.capability is None
    ):
        notes.append(NAMES_NONE)
    if question.asked.clock.holding_s is not None:
        notes.append(TWO_TIERS)
    if choice.ranking is None:
        notes.append("More than two sites are chosen by optimisation; options are not ranked one by one.")
    if found.sources.synthetic.any():
        notes.append("Synthetic: sources and stations are made up.")
    return tuple(notes)


def _sites(ground: Ground) -> tuple[SiteSaid, ...]:
    sites = ground.sites
    return tuple(
        SiteSaid(
            str(sites.name[at]),
            str(sites.kind[at]),
            float(sites.lon[at]),
            float(sites.lat[at]),
            finite(sites.cost[at]),
            ground.breaks[at],
        )
        for at in range(len(sites.name))
    )


def _sources(found: Read) -> tuple[SourceSaid, ...]:
    sources = found.sources
    spots = shapely.point_on_surface(np.asarray(sources.shape, dtype=np.object_))
    return tuple(
        SourceSaid(
            str(sources.name[at]),
            int(sources.grade[at]),
            float(spots[at].x),
            float(spots[at].y),
            bool(sources.synthetic[at]),
        )
        for at in range(len(sources.id))
    )
