"""What the siting models say to one ground: the best plan, its rivals, and what other aims would choose."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from api.siting.answer import ModelSaid, NamedPlan, NeededSaid, PlanSaid, ProofSaid, WhyNotSaid
from api.siting.ground import Ground, finite
from api.siting.rules import FROM_HAZARD
from routing.siting import (
    Option,
    Ranking,
    Siting,
    Standing,
    marginal_curve,
    max_cover,
    min_worst,
    p_median,
    rank_sites,
    sites_needed,
)

TOP = 10
TRIED = 500
MOST_TIES = 20
MOST_FRONT = 12
SHOWN_FRONT = 3
RANKED = 2
LETTERS = "ABCDEFGH"
MOST_COVER = "most cover"
SOONEST_WORST = "soonest latest arrival"
LEAST_TRAVEL = "least weighted arrival"


@dataclass(frozen=True)
class Choice:
    """The best choice with its rivals; ``ranking`` is None where more than two are built."""

    best: tuple[int, ...]
    siting: Siting
    remark: str | None
    ranking: Ranking | None


@dataclass(frozen=True, eq=False)
class Models:
    """The models on one ground, for a number of new sites."""

    ground: Ground
    new: int
    budget: float | None
    time_limit_s: float

    def choose(self) -> Choice:
        """Score every option of one or two; of more, choose by proved optimisation."""
        asked = (self.ground.counted_s, self.ground.weight, self.ground.limit_s, self.ground.sites.existing)
        if self.new <= RANKED:
            ranking = rank_sites(*asked, self.new, self.ground.cost, self.budget)
            return Choice(ranking.best.sites, ranking, _word(ranking.remark), ranking)
        plan = max_cover(*asked, self.new, self.ground.cost, self.budget, self.time_limit_s)
        return Choice(self.added(plan), plan, _word(plan.remark), None)

    def option(self, option: Option) -> PlanSaid:
        """Measure a ranked option."""
        return self.ground.plan(option.sites, option.rank)

    def near_ties(self, ranking: Ranking) -> tuple[PlanSaid, ...]:
        """Return options that reach what the best reaches of levels 1 and 2, and one lower source fewer."""
        weight = self.ground.weight
        one_lower = float(weight[weight < weight.max(initial=0.0)].max(initial=0.0))
        share = one_lower / ranking.best.covered if ranking.best.covered else 0.0
        return tuple(self.option(each) for each in ranking.near_ties(share, MOST_TIES))

    def front(self, choice: Choice) -> tuple[PlanSaid, ...]:
        """Return the plans that none beats in both cover and latest arrival, most cover first."""
        if choice.ranking is not None:
            return tuple(self.option(each) for each in _thinned(choice.ranking.front, MOST_FRONT))
        best, soonest = self.ground.plan(choice.best), self.soonest_worst().plan
        return (best, soonest) if self._affords(soonest) and _sooner(soonest, best) else (best,)

    def keeping_rules(self, ranking: Ranking | None) -> PlanSaid | None:
        """
        Return the best option that breaks no advising rule; None where there is none.

        Where more than two are built, candidates that break one are left out and the rest chosen from anew.
        """
        free = np.array([FROM_HAZARD not in breaks for breaks in self.ground.breaks])
        if ranking is None:
            free[self.ground.sites.existing] = True
            allowed = replace(self, ground=self.ground.kept(np.flatnonzero(free)))
            return allowed.ground.plan(replace(allowed, new=allowed.possible).choose().best)
        keeps = np.flatnonzero(free[ranking.options.one] & free[ranking.options.other])
        return self.option(ranking.options.option(int(keeps[0]))) if len(keeps) else None

    def keeping_standard(self, ranking: Ranking | None) -> PlanSaid | None:
        """Return the first option that keeps the standard; None where none of the best does."""
        tried = () if ranking is None else ranking.top(TRIED)
        return next((plan for plan in map(self.option, tried) if plan.keeps_standard), None)

    def soonest_worst(self) -> ModelSaid:
        """Return the plan whose latest arrival is soonest (p-center); costs are not minded."""
        found = min_worst(self.ground.counted_s, self.ground.sites.existing, self.possible, self.time_limit_s)
        return ModelSaid(SOONEST_WORST, self.ground.plan(self.added(found)), proof(found))

    def least_travel(self) -> ModelSaid:
        """Return the plan with the least weighted first arrivals (p-median); costs are not minded."""
        standing = self.ground.sites.existing
        found = p_median(self.ground.seconds, self.ground.weight, standing, self.possible, self.time_limit_s)
        return ModelSaid(LEAST_TRAVEL, self.ground.plan(self.added(found)), proof(found))

    def needed(self) -> NeededSaid:
        """Return the fewest new sites that reach all that can be reached in time."""
        ground = self.ground
        found = sites_needed(
            ground.counted_s, ground.limit_s, ground.sites.existing, time_limit_s=self.time_limit_s
        )
        plain = not ground.behind_s.any()
        later_s = max(found.smallest_standard_s - ground.limit_s, 0.0)
        return NeededSaid(
            number=len(found.added),
            unreachable=ground.source_names(found.unreachable),
            later_s=finite(later_s),
            smallest_standard_s=finite(found.smallest_standard_s) if plain else None,
            model=ModelSaid("everything in time", ground.plan(found.added), proof(found)),
        )

    def curve(self) -> tuple[ModelSaid, ...]:
        """Return the best cover for one new site, for two, and so on to ten; costs are not minded."""
        ground = self.ground
        curve = marginal_curve(
            ground.counted_s,
            ground.weight,
            ground.limit_s,
            ground.sites.existing,
            time_limit_s=self.time_limit_s,
        )
        return tuple(
            ModelSaid(f"{number} new", ground.plan(self.added(plan)), proof(plan))
            for number, plan in enumerate(curve.plans, start=1)
        )

    def why_not(self, name: str, choice: Choice, barred: dict[str, str]) -> WhyNotSaid:
        """Say what building at a site would cost against the best plan."""
        if name in barred:
            return WhyNotSaid(name, f"a binding rule bars it: {barred[name]}", None)
        site = self.ground.sites.column(name)
        if site in self.ground.sites.existing:
            return WhyNotSaid(name, Standing.BUILT, None)
        if site in choice.best:
            return WhyNotSaid(name, Standing.CHOSEN, self.ground.plan(choice.best))
        best_with_it = self._best_with(site, choice)
        if best_with_it is None:
            return WhyNotSaid(name, Standing.TOO_DEAR, None)
        return WhyNotSaid(name, _loses(self.ground.plan(choice.best), best_with_it), best_with_it)

    def _best_with(self, site: int, choice: Choice) -> PlanSaid | None:
        if choice.ranking is not None:
            best = choice.ranking.why_not(site).best_with_it
            return None if best is None else self.option(best)
        ground, cost = self.ground, self.ground.cost
        left = None if self.budget is None or cost is None else self.budget - float(cost[site])
        if left is not None and left < 0:
            return None
        standing = [*ground.sites.existing.tolist(), site]
        asked = (ground.counted_s, ground.weight, ground.limit_s, standing, self.new - 1)
        found = max_cover(*asked, cost, left, self.time_limit_s)
        return ground.plan(self.added(found))

    def _affords(self, plan: PlanSaid) -> bool:
        return self.budget is None or plan.cost is None or plan.cost <= self.budget

    @property
    def possible(self) -> int:
        """How many could be built of those that are asked for."""
        return min(self.new, len(self.ground.sites.name) - len(self.ground.sites.existing))

    def added(self, siting: Siting) -> tuple[int, ...]:
        """Return the new ones among the sites that a model chose."""
        standing = set(self.ground.sites.existing.tolist())
        return tuple(site for site in siting.chosen if site not in standing)


def proof(siting: Siting) -> ProofSaid:
    """Say how near the best a model's answer is proved to be."""
    return ProofSaid(
        objective=finite(siting.objective),
        bound=finite(siting.bound),
        proved=siting.proved,
        gap=finite(siting.gap),
        seconds_spent=round(siting.seconds_spent, 3),
        method=siting.method,
    )


def named_plans(ground: Ground, plans: Sequence[tuple[str, PlanSaid]]) -> tuple[NamedPlan, ...]:
    """Return different plans with letters, and how each source fares under them."""
    different: dict[tuple[str, ...], tuple[list[str], PlanSaid]] = {}
    for why, plan in plans:
        different.setdefault(plan.sites, ([], plan))[0].append(why)
    named = []
    for letter, (whys, plan) in zip(LETTERS, different.values(), strict=False):
        built = [ground.sites.column(name) for name in plan.sites]
        columns = [*ground.sites.existing.tolist(), *built]
        named.append(
            NamedPlan(
                letter=letter,
                why=", ".join(whys),
                plan=plan,
                arrival_s=tuple(finite(each) for each in ground.source_arrival_s(columns)),
                reached=tuple(round(float(each), 3) for each in ground.reached(columns)),
            )
        )
    return tuple(named)


def _sooner(plan: PlanSaid, than: PlanSaid) -> bool:
    """Return whether a plan comes last sooner than another, of what each ever reaches."""
    latest = [each.latest.past_deadline_s if each.latest else None for each in (plan, than)]
    ours, theirs = (math.inf if past_s is None else past_s for past_s in latest)
    return ours < theirs


def _thinned(options: Sequence[Option], most: int) -> list[Option]:
    """Return at most so many, the first and the last among them."""
    if len(options) <= most:
        return list(options)
    return [options[at] for at in np.unique(np.linspace(0, len(options) - 1, most).round()).astype(int)]


def _word(remark: object) -> str | None:
    return None if remark is None else str(remark)


def _loses(best: PlanSaid, other: PlanSaid) -> str:
    """Say what one plan has less than another, level by level, and how much later it comes last."""
    fewer = [
        f"{ours.reached - theirs.reached:g} of level {ours.grade} fewer"
        if ours.reached >= theirs.reached
        else f"{theirs.reached - ours.reached:g} of level {ours.grade} more"
        for ours, theirs in zip(best.grades, other.grades, strict=True)
        if round(ours.reached - theirs.reached, 3)
    ]
    rank = "" if other.rank is None else f", rank {other.rank:,}"
    later = ""
    if best.latest and other.latest and best.latest.arrival_s and other.latest.arrival_s:
        apart = other.latest.arrival_s - best.latest.arrival_s
        later = f", latest arrival {apart:+,.0f} s"
    plan = f"the best plan with it ({' + '.join(other.sites)}{rank})"
    return f"{plan} reaches {', '.join(fewer) or 'as many'}{later}"
