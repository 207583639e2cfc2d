"""Where the next one or two sites should go: every option scored, so that each question has an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import InvalidInputError
from routing.siting.answer import Siting
from routing.siting.open_cover import OpenCover, open_cover
from routing.siting.options import PAIR, Option, Options, score_options
from routing.siting.question import (
    Clock,
    Positions,
    Purse,
    Question,
    checked_amounts,
    checked_standard,
)
from routing.siting.remark import Remark, remark_on
from routing.siting.worst import Latest

NEAR_SHARE = 0.001
"""An option that covers less than the best by no more than this share is a near-tie."""
MOST_NEAR_TIES = 100


class Standing(StrEnum):
    """How a site stands to the best option."""

    CHOSEN = "it is in the best option"
    BUILT = "it stands already"
    TOO_DEAR = "no option with it keeps within the budget"
    BEATEN = "the best option with it ranks lower"


@dataclass(frozen=True)
class WhyNot:
    """
    Why a site is not in the best option.

    Attributes
    ----------
    site : int
        Its column.
    standing : Standing
        How it stands to the best option.
    best_with_it : Option or None
        The best option that holds it; None where there is none.
    covers_less : float
        By how much that covers less weight than the best option; 0 where there is none.
    worst_later_s : float
        By how much its worst arrival is later than that of the best option; below zero: sooner.
    """

    site: int
    standing: Standing
    best_with_it: Option | None
    covers_less: float
    worst_later_s: float


@dataclass(frozen=True, eq=False)
class Ranking(Siting):
    """
    Every option, best first.

    Attributes
    ----------
    options : Options
        All of them as columns; empty where nothing can be built.
    best : Option
        The one that is chosen; without sites where nothing can be built.
    before : Option
        What stands, without anything new, for comparison; its rank is 0.
    unreached : tuple of int
        Rows that no site reaches at all; worst arrivals leave them out.
    remark : Remark or None
        Why building covers no more, where it does not.
    standing : tuple of int
        Columns of the sites that stand.
    sites : int
        How many columns there are.
    """

    options: Options
    best: Option
    before: Option
    unreached: tuple[int, ...]
    remark: Remark | None
    standing: tuple[int, ...]
    sites: int

    def top(self, count: int) -> tuple[Option, ...]:
        """Return the first so many options."""
        return tuple(self.options.option(at) for at in range(min(count, len(self.options))))

    @property
    def runner_up(self) -> Option | None:
        """The second best option; None where there is only one."""
        return self.options.option(1) if len(self.options) > 1 else None

    def near_ties(
        self, within_share: float = NEAR_SHARE, at_most: int = MOST_NEAR_TIES
    ) -> tuple[Option, ...]:
        """Return the options after the best that cover less by at most a share of what it covers."""
        enough = self.best.covered * (1 - within_share)
        until = np.searchsorted(-self.options.covered, -enough, side="right")
        return tuple(self.options.option(at) for at in range(1, min(int(until), at_most + 1)))

    @property
    def front(self) -> tuple[Option, ...]:
        """The options that none beats in both coverage and worst arrival, most coverage first."""
        return tuple(self.options.option(int(at)) for at in self.options.front())

    def why_not(self, site: int) -> WhyNot:
        """Return what choosing a site, a column, would cost against the best option."""
        if not 0 <= site < self.sites:
            raise InvalidInputError("site", f"column {site} is not among 0 to {self.sites - 1}")
        if site in self.standing:
            return WhyNot(site, Standing.BUILT, None, 0.0, 0.0)
        holding = self.options.holding(site)
        if not len(holding):
            return WhyNot(site, Standing.TOO_DEAR, None, 0.0, 0.0)
        option = self.options.option(int(holding[0]))
        return WhyNot(
            site=site,
            standing=Standing.CHOSEN if option.rank == 1 else Standing.BEATEN,
            best_with_it=option,
            covers_less=self.best.covered - option.covered,
            worst_later_s=_later(option.worst_s, self.best.worst_s),
        )


def rank_sites(
    seconds: ArrayLike,
    weight: ArrayLike,
    standard_s: float,
    existing: Sequence[int] | Positions,
    new: int = 2,
    cost: ArrayLike | None = None,
    budget: float | None = None,
) -> Ranking:
    """
    Score every option of one or two new sites exactly, and rank them.

    The objective is the weight within the standard, maximised; among equals the soonest worst arrival, then
    the least cost, then the lowest positions win. Every option has ``new`` sites; where costs are given and
    two may be built, options of one are ranked too.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    weight : array_like, shape (demand,)
        What covering each demand is worth; finite, from zero up.
    standard_s : float
        The standard in seconds; an arrival at exactly this counts as covered.
    existing : sequence of int
        Columns of the sites that stand.
    new : int
        0, 1 or 2 more sites.
    cost : array_like, shape (sites,), optional
        What building each site costs.
    budget : float, optional
        What may be spent on new sites; needs ``cost``.

    Returns
    -------
    Ranking
        Proved, for nothing is left out. With ``new`` 0, or a budget below the cheapest, nothing is built.

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.
    """
    clock = Clock.start(np.inf)
    question = Question.of(seconds, existing, new)
    if question.new > PAIR:
        raise InvalidInputError(
            "new", f"options of at most {PAIR} sites are all scored; use max_cover for {new}"
        )
    worth = checked_amounts("weight", weight, len(question.seconds))
    cover = open_cover(question, worth, checked_standard(standard_s))
    purse = Purse.of(cost, budget, question.seconds.shape[1])
    remark = remark_on(question, worth, cover, purse)
    latest = Latest.of(question)
    return _ranking(
        _Scored(question, cover, latest, score_options(question, cover, latest, purse)), remark, clock
    )


@dataclass(frozen=True, eq=False)
class _Scored:
    """A question with all its options."""

    question: Question
    cover: OpenCover
    latest: Latest
    options: Options


def _ranking(scored: _Scored, remark: Remark | None, clock: Clock) -> Ranking:
    standing_s, settled = scored.latest.standing(), scored.cover.settled
    nothing = Option(1, (), settled, standing_s, 0.0)
    best = scored.options.option(0) if len(scored.options) else nothing
    return Ranking(
        chosen=scored.question.sites(best.sites),
        objective=best.covered,
        bound=best.covered,
        gap=0.0,
        proved=True,
        seconds_spent=clock.spent_s,
        method="every option scored",
        options=scored.options,
        best=best,
        before=Option(0, (), settled, standing_s, 0.0),
        unreached=tuple(scored.latest.unreached.tolist()),
        remark=remark,
        standing=tuple(scored.question.existing.tolist()),
        sites=scored.question.seconds.shape[1],
    )


def _later(worst_s: float, than_s: float) -> float:
    """Return how much later one arrival is; two that never come are equally late."""
    return 0.0 if worst_s == than_s else worst_s - than_s
