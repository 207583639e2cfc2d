"""The roads as they are at this moment, or as they would be: the network under road conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
from sqlalchemy.orm import Session

from api.live_roads import LiveRoads
from data import conditions
from data.condition_facts import ConditionFacts, ConditionsSet
from data.models import ConditionKind
from geo.places import Place
from routing.conditions import Action, Condition, Effect, effect
from routing.router import Router
from routing.snapping import Snapped


@dataclass(frozen=True)
class WhatIf:
    """
    What if roads were closed, others open, or the weather worse? Nothing of it touches the live state.

    Attributes
    ----------
    conditions : tuple of Condition
        Closures, slow-downs and openings on top of the live ones.
    preset : str or None
        A road preset for every road.
    profile : str or None
        A vehicle profile that every unit is taken to drive.
    """

    conditions: tuple[Condition, ...] = ()
    preset: str | None = None
    profile: str | None = None

    @property
    def asked(self) -> bool:
        """Whether it asks for anything."""
        return self != AS_IT_IS


AS_IT_IS = WhatIf()
IMAGINED = "the road closed in this what-if"


@dataclass(frozen=True)
class Situation:
    """
    A network under one set of conditions. It does not change; its routers are made when first asked for.

    Attributes
    ----------
    version : int
        Of the live conditions it holds.
    facts : tuple of ConditionFacts
        Those conditions; the first ones of ``effect``.
    """

    roads: LiveRoads
    version: int
    facts: tuple[ConditionFacts, ...]
    effect: Effect
    what_if: WhatIf
    _made: dict[str, Router] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    def is_ready(self, profile: str) -> bool:
        """Whether the router of a vehicle profile is made."""
        return profile in self._made

    def profile(self, profile: str) -> str:
        """Return what a vehicle of a profile is taken to drive."""
        return self.what_if.profile or profile

    def router(self, profile: str) -> Router:
        """Return the router of a vehicle profile."""
        with self._making:
            profile = self.profile(profile)
            if profile not in self._made:
                base = self.roads.routers.get(profile, self.what_if.preset)
                self._made[profile] = base if self._changes_nothing else self._changed(base)
            return self._made[profile]

    def snap_incident(self, place: Place, limit_m: float) -> Snapped:
        """Put an incident on the road under these conditions, as ``LiveRoads.snap_incident`` does."""
        return self.roads.snap_incident(place, limit_m, ~self.effect.closed)

    def closing(self, segments: Sequence[int]) -> tuple[str, ...]:
        """Return why the closed ones among some segments are closed."""
        causes = dict.fromkeys(i for segment in segments for i in self.effect.closings.of(segment))
        return tuple(
            f"road closed: {self.facts[i].reason}" if i < len(self.facts) else "road closed in this what-if"
            for i in causes
        )

    def closures_on(self, segments: Sequence[int]) -> frozenset[int]:
        """Return which conditions, by their place among them, close any of some segments."""
        return frozenset(i for segment in segments for i in self.effect.closings.of(segment))

    def reopened(self, closures: frozenset[int]) -> "Situation":
        """Return the situation as it would be without some of its closures, by their place."""
        return replace(self, effect=self.effect.reopened(closures), _made={}, _making=Lock())

    def closure_named(self, closure: int) -> str:
        """Return what people call a closure: its reason."""
        return self.facts[closure].reason if closure < len(self.facts) else IMAGINED

    @property
    def _changes_nothing(self) -> bool:
        return not self.effect.closed.any() and not (self.effect.time_factor != 1.0).any()

    def _changed(self, base: Router) -> Router:
        return base.under(base.metric.under(self.effect.closed, self.effect.time_factor))


@dataclass
class Situations:
    """
    The situation of this moment, kept while it lasts.

    Every answer reads the version of the conditions from the database in its own transaction, so that it
    rests on exactly that version whether or not anybody was told of a change.
    """

    roads: LiveRoads
    _known: tuple[ConditionsSet, Situation] | None = None

    @property
    def newest(self) -> Situation | None:
        """The situation made last, or None before the first."""
        known = self._known
        return None if known is None else known[1]

    def now(self, session: Session) -> Situation:
        """Return the situation at the version that this transaction sees."""
        known = self._known
        found = conditions.read(session, known=None if known is None else known[0])
        if known is not None and found is known[0]:
            return known[1]
        situation = situation_under(self.roads, found.version, found.conditions, AS_IT_IS)
        self._known = (found, situation)
        return situation

    def what_if(self, session: Session, what_if: WhatIf) -> Situation:
        """Return the situation of this moment with something changed in thought."""
        if not what_if.asked:
            return self.now(session)
        known = self._known
        found = conditions.read(session, known=None if known is None else known[0])
        return situation_under(self.roads, found.version, found.conditions, what_if)


def situation_under(
    roads: LiveRoads, version: int, facts: tuple[ConditionFacts, ...], what_if: WhatIf
) -> Situation:
    """Return a network under the conditions of a version, and what is changed in thought."""
    live = [as_routed(condition, roads) for condition in facts]
    together = effect(roads.network, roads.index, [*live, *what_if.conditions])
    return Situation(roads, version, facts, together, what_if)


def as_routed(facts: ConditionFacts, roads: LiveRoads) -> Condition:
    """
    Return a recorded condition as the roads take it.

    Segments count on the version of the network that they were named of; on any other their shape does.
    """
    action = Action.CLOSE if facts.kind is ConditionKind.CLOSURE else Action.SLOW
    named = facts.segments
    of_these = named is not None and named.roads_hash == roads.stored.hash
    where = np.array(named.numbers, dtype=np.int64) if named is not None and of_these else facts.shape
    return Condition(action, where, facts.factor, facts.preset)
