"""What would have to change for a candidate to be listed, and its rank then: proved by choosing again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from routing.changes import Agreed, BackInService, Change, ConsentGiven, FromBase, Released, Reopened, applied
from routing.dispatch import Candidates, Rules, able, listed
from routing.needs import Requirement
from routing.offering import given_back, least
from routing.reasons import FailedTest
from routing.spoken import joined_en, ordinal_en, ordinal_zh


@dataclass(frozen=True)
class Remedies:
    """
    How things could be otherwise for one candidate, where that is known.

    Attributes
    ----------
    from_base_s : float or None
        Its road time from its base; None where that is not known.
    reopenings : tuple of Reopened
        Runs with closed roads open, the ones that ask least first.
    """

    from_base_s: float | None = None
    reopenings: tuple[Reopened, ...] = ()


@dataclass(frozen=True)
class Counterfactual:
    """Changes that together, and no fewer of them, give a candidate its rank by arrival among the listed."""

    changes: tuple[Change, ...]
    rank: int

    @property
    def en(self) -> str:
        """As in ``second if the bridge reopens``."""
        return f"{ordinal_en(self.rank)} if {joined_en([change.en for change in self.changes])}"

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return f"若{'且'.join(change.zh for change in self.changes)}则列{ordinal_zh(self.rank)}"


@dataclass(frozen=True)
class NothingHelps:
    """Why no change is known that would list a candidate, or list it sooner."""

    en: str
    zh: str


NOTHING_NEEDED = NothingHelps("nothing is needed", "没有任何需求")
NO_BASE = NothingHelps("its way from its base is not known", "从驻地出发的行程未知")
NOT_ENOUGH = NothingHelps("no change that is known suffices", "没有已知的改变足以使其入选")
NO_WAY = NothingHelps("no reopening is known that lets it through", "没有已知的道路开放能使其到达")
NO_SOONER = NothingHelps("no reopening is known that brings it sooner", "没有已知的道路开放能使其提前到达")


def counterfactual(
    requirements: Sequence[Requirement],
    candidates: Candidates,
    rules: Rules,
    position: int,
    remedies: Remedies,
) -> Counterfactual | NothingHelps:
    """
    Return the changes that would list a candidate, or list it sooner, or why there are none.

    Nobody can move a base: to whoever stands too far from any road nothing helps.
    """
    if not requirements:
        return NOTHING_NEEDED
    case = _Case(requirements, candidates, rules, position, remedies)
    return case.listed() if case.rank(()) is None else case.sooner()


@dataclass(frozen=True)
class _Case:
    requirements: Sequence[Requirement]
    candidates: Candidates
    rules: Rules
    position: int
    remedies: Remedies

    def listed(self) -> Counterfactual | NothingHelps:
        off_m = self.candidates.off_m[self.position]
        if off_m > self.rules.snap_limit_m:
            return NothingHelps(
                f"it stands {off_m:.0f} m off the network, and nothing moves that",
                f"偏离路网{off_m:.0f}米且无法移动",
            )
        way = self._way()
        if isinstance(way, NothingHelps):
            return way
        changes = (*self._leave(), *self._offer(), *way)
        rank = self.rank(changes)
        return NOT_ENOUGH if rank is None else Counterfactual(changes, rank)

    def sooner(self) -> Counterfactual | NothingHelps:
        now = self.rank(())
        for reopened in self.remedies.reopenings:
            then = self.rank((reopened,))
            if now is not None and then is not None and then < now:
                return Counterfactual((reopened,), then)
        return NO_SOONER

    def rank(self, changes: Sequence[Change]) -> int | None:
        """Choose again with the changes made."""
        changed = applied(self.candidates, self.position, changes)
        at = np.flatnonzero(listed(self.requirements, changed, self.rules) == self.position)
        return int(at[0]) + 1 if len(at) else None

    def _leave(self) -> Iterator[Change]:
        if not self.candidates.in_service[self.position]:
            yield BackInService()
        busy = self.candidates.busy[self.position]
        if busy is not None:
            yield Agreed() if busy.test is FailedTest.REFUSED else Released()
        if self.candidates.held[self.position] is not None:
            yield ConsentGiven()

    def _way(self) -> tuple[Change, ...] | NothingHelps:
        """Return what gives it a good start and a road that leads there."""
        start: tuple[Change, ...] = ()
        travel_s = self.candidates.travel_s[self.position]
        if self.candidates.ahead_s[self.position] > self.rules.clock_tolerance_s:
            if self.remedies.from_base_s is None:
                return NO_BASE
            start, travel_s = (FromBase(self.remedies.from_base_s),), self.remedies.from_base_s
        if np.isfinite(travel_s):
            return start
        through = [r for r in self.remedies.reopenings if np.isfinite(r.travel_s[self.position])]
        return (*start, through[0]) if through else NO_WAY

    def _offer(self) -> tuple[Change, ...]:
        """Return what lets it offer something that counts: what is withheld if that does, else the least."""
        if self._able_after(()):
            return ()
        mended = (
            given_back(self.requirements, self.candidates, self.position, failure)
            for failure in self.candidates.expired[self.position]
        )
        enough = (change for change in mended if self._able_after((change,)))
        first = next(enough, None)
        return (first or least(self.requirements, self.candidates, self.position),)

    def _able_after(self, changes: Sequence[Change]) -> bool:
        changed = applied(self.candidates, self.position, changes)
        return bool(able(self.requirements, changed)[self.position])
