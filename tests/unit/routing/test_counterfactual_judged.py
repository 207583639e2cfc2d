"""Random towns, judged: applying just what is said lists somebody at the stated rank, and no less does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.changes import (
    Agreed,
    BackInService,
    Brought,
    Change,
    ConsentGiven,
    FromBase,
    GivenBack,
    Offer,
    Released,
    Reopened,
    applied,
)
from routing.counterfactual import Counterfactual, NothingHelps, Remedies, counterfactual
from routing.dispatch import Rules, choose_units
from routing.needs import Requirement
from tests.unit.routing.candidates import Candidate, in_columns
from tests.unit.routing.plain_choice import plain_choice
from tests.unit.routing.random_candidates import NEEDS, candidates

RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
TIMES = st.sampled_from((0.0, 20, 45, 75, math.inf))


@dataclass(frozen=True)
class Town:
    needs: list[Requirement]
    rows: list[Candidate]
    position: int
    remedies: Remedies

    def rank_after(self, changes: Sequence[Change]) -> int | None:
        """Return the rank by plain loops over rows changed by hand."""
        rows = list(self.rows)
        for change in changes:
            rows = changed(rows, self.position, change)
        ids = plain_choice(self.needs, rows, RULES).listed
        own = rows[self.position].id
        return ids.index(own) + 1 if own in ids else None

    def all_but_roads(self) -> list[Change]:
        changes: list[Change] = [BackInService(), Released(), ConsentGiven(), Brought("it", Offer(0, 99, 99))]
        from_base_s = self.remedies.from_base_s
        if from_base_s is not None and self.rows[self.position].ahead_s > RULES.clock_tolerance_s:
            changes.append(FromBase(from_base_s))
        return changes

    def ask(self) -> Counterfactual | NothingHelps:
        columns = in_columns(self.rows, len(self.needs))
        return counterfactual(self.needs, columns, RULES, self.position, self.remedies)


def changed(rows: list[Candidate], position: int, change: Change) -> list[Candidate]:
    if isinstance(change, Reopened):
        return [replace(row, travel_s=t) for row, t in zip(rows, change.travel_s.tolist(), strict=True)]
    row = rows[position]
    if isinstance(change, BackInService):
        row = replace(row, in_service=True)
    elif isinstance(change, Released | Agreed):
        row = replace(row, busy=None)
    elif isinstance(change, ConsentGiven):
        row = replace(row, held=None)
    elif isinstance(change, FromBase):
        row = replace(row, travel_s=change.travel_s, ahead_s=0.0)
    elif isinstance(change, GivenBack):
        row = offering(row, change.offers)
    else:
        row = offering(row, [change.offer])
    return [*rows[:position], row, *rows[position + 1 :]]


def offering(row: Candidate, offers: Sequence[Offer]) -> Candidate:
    offered, level = list(row.offered), list(row.level or ())
    for offer in offers:
        offered[offer.requirement], level[offer.requirement] = offer.amount, offer.level
    return replace(row, offered=tuple(offered), level=tuple(level))


@st.composite
def towns(draw: st.DrawFn) -> Town:
    needs = draw(NEEDS.filter(bool))
    rows = draw(candidates(len(needs)).filter(bool))
    times = st.lists(TIMES, min_size=len(rows), max_size=len(rows)).map(np.array)
    reopenings = st.lists(st.builds(Reopened, st.just(("the bridge",)), times), max_size=2).map(tuple)
    remedies = Remedies(draw(st.none() | TIMES), draw(reopenings))
    return Town(needs, rows, draw(st.integers(0, len(rows) - 1)), remedies)


@settings(max_examples=600, deadline=None)
@given(towns())
def test_applying_just_the_changes_lists_it_at_the_stated_rank_and_no_fewer_do(place: Town) -> None:
    found = place.ask()
    if isinstance(found, Counterfactual):
        then = applied(in_columns(place.rows, len(place.needs)), place.position, found.changes)
        listed = choose_units(place.needs, then, RULES).listed.tolist()
        assert listed.index(place.position) + 1 == found.rank
        assert place.rank_after(found.changes) == found.rank
        for i in range(len(found.changes)):
            fewer = place.rank_after(found.changes[:i] + found.changes[i + 1 :])
            assert fewer is None or (len(found.changes) == 1 and fewer > found.rank)


@settings(max_examples=600, deadline=None)
@given(towns())
def test_where_nothing_is_said_to_help_not_even_everything_together_does(place: Town) -> None:
    if isinstance(place.ask(), Counterfactual):
        return
    now = place.rank_after([])
    no_road: tuple[Reopened, ...] = ()
    ways = [no_road, *((reopened,) for reopened in place.remedies.reopenings)]
    if now is not None:
        assert all((place.rank_after(way) or math.inf) >= now for way in ways)
    else:
        assert all(place.rank_after([*place.all_but_roads(), *way]) is None for way in ways)


@settings(max_examples=300, deadline=None)
@given(towns())
def test_the_candidates_asked_about_stay_as_they_were(place: Town) -> None:
    columns = in_columns(place.rows, len(place.needs))
    before = in_columns(place.rows, len(place.needs))
    counterfactual(place.needs, columns, RULES, place.position, place.remedies)
    for name in ("in_service", "offered", "level", "travel_s", "ahead_s"):
        assert np.array_equal(getattr(columns, name), getattr(before, name))
