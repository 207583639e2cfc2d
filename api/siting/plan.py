"""The planner's question: where the next bases should go, and what each choice gives and costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.dispatching import Centre
from api.long_work import Told
from api.siting.answer import HoldingSaid, SitingAnswer
from api.siting.asked import SitingAsked, check
from api.siting.demand import Demand, demand_of
from api.siting.ground import Ground
from api.siting.memory import say_siting_memory
from api.siting.models import Models
from api.siting.reading import Read, read
from api.siting.rules import judge
from api.siting.saying import Asked, say_answer
from api.siting.sites import Sites, Starts
from api.siting.structures import structures_that_matter
from api.siting.times import Reach, Scenario
from routing.conditions import effect

FROM_WHEELS = "departure"
EVERY_CASE = 100.0


def plan_sites(asked: SitingAsked, centre: Centre, told: Told) -> SitingAnswer:
    """
    Answer a siting question: every option of one or two sites scored, more chosen by proved optimisation.

    Raises
    ------
    InvalidInputError
        When the question cannot be asked so; it names the option.
    TooLargeError
        When it takes more memory than is free.
    """
    check(asked)
    found = read(asked, centre)
    for name in asked.why_not:
        found.sites.column(name)
    demand = _reachable(demand_of(found.sources, centre.roads.network, centre.roads.index), found, centre)
    scenarios, found = scenarios_of(asked, centre, found, demand)
    size = (len(demand.source) * len(scenarios), len(demand.lon), len(found.sites.name))
    say_siting_memory(size, asked.new, told.say)
    reach = Reach(centre.roads, demand, centre.settings.snap_limit_m)
    found = replace(found, notes=(*found.notes, *reach.notes(found.sites)))
    seconds = reach.seconds(scenarios, found.sites, _starting(found, found.starts), told)
    tiers = _tiers(asked, found, reach, scenarios, told)
    judged = judge(found.sites, found.sources, found.exits, centre.roads.network.metric_system)
    ground = Ground(
        demand=demand,
        sites=found.sites,
        breaks=judged.breaks,
        scenarios=tuple(scenario.name for scenario in scenarios),
        seconds=seconds,
        behind_s=tiers.behind_s,
        limit_s=tiers.limit_s,
        percentile=EVERY_CASE if found.standard is None else found.standard.percentile or EVERY_CASE,
    )
    barred = {
        str(name): reason
        for name, reason in zip(found.sites.name, judged.barred, strict=True)
        if reason is not None
    }
    allowed = ground.kept(np.flatnonzero([reason is None for reason in judged.barred]))
    models = Models(allowed, asked.new, asked.budget, asked.time_limit_s)
    told.say("scoring every option and proving the rest")
    return say_answer(Asked(asked, found, centre.roads, barred, tiers.holding), models)


def _reachable(demand: Demand, found: Read, centre: Centre) -> Demand:
    """Return the demand with the gates that some site reaches while everything is open."""
    reach = Reach(centre.roads, demand, centre.settings.snap_limit_m)
    return demand.without_gates_that_are_none(reach.ever(found.sites, found.starts))


def scenarios_of(
    asked: SitingAsked, centre: Centre, found: Read, demand: Demand
) -> tuple[tuple[Scenario, ...], Read]:
    """
    Return summer and each preset, each with all roads open and with every closure alone.

    What was read comes back with a note on the bridges and tunnels among the closures.
    """
    roads, built = centre.roads, asked.roads.structures
    closures = [
        (name, effect(roads.network, roads.index, [closure]).closed) for name, closure in asked.roads.closures
    ]
    if built is not None:
        places = (found.sites, found.starts, demand)
        alone = structures_that_matter(roads, built, places, asked.roads.seasons)
        closures += alone.closed
        found = replace(found, notes=(*found.notes, alone.note))
    scenarios = []
    for preset in asked.roads.seasons:
        season = "summer" if preset is None else preset
        scenarios.append(Scenario(f"{season}, all roads open", preset, None))
        scenarios += [Scenario(f"{season}, {name} closed", preset, closed) for name, closed in closures]
    return tuple(scenarios), found


@dataclass(frozen=True, eq=False)
class _Tiers:
    """
    Deadlines of a base: the standard, or the end of the time a local force holds.

    Attributes
    ----------
    behind_s : float64, shape (scenarios * rows,)
        How much sooner than ``limit_s`` each row's deadline is.
    """

    behind_s: NDArray[np.float64]
    limit_s: float
    holding: tuple[HoldingSaid, ...]


def _tiers(
    asked: SitingAsked, found: Read, reach: Reach, scenarios: Sequence[Scenario], told: Told
) -> _Tiers:
    """
    Return the deadline of every row.

    Where a local force comes within the standard, a base has until the end of its holding time; where none
    does, the base itself must come within the standard.
    """
    standard_s = found.standard.seconds if found.standard else asked.clock.seconds or 0.0
    holding_s = asked.clock.holding_s
    rows = len(reach.demand.source)
    if holding_s is None:
        return _Tiers(np.zeros(rows * len(scenarios)), standard_s, ())
    places, starts = _holders(found)
    first_s = reach.seconds(scenarios, places, _starting(found, starts), told).min(axis=1, initial=np.inf)
    held = first_s <= standard_s
    behind_s = np.where(held, standard_s - np.where(held, first_s, 0.0), holding_s)
    said = [
        HoldingSaid(
            scenario=scenario.name,
            held=round(float(reach.demand.reached_by_source(each).sum()), 3),
            sources=len(reach.demand.sources.id),
        )
        for scenario, each in zip(scenarios, held.reshape(len(scenarios), rows), strict=True)
    ]
    return _Tiers(behind_s, standard_s + holding_s, tuple(said))


def _holders(found: Read) -> tuple[Sites, Starts]:
    """Return the units of local forces, each at its base."""
    units, holder = found.units, np.flatnonzero(found.holding)
    sites = Sites(
        name=units.base[holder],
        kind=np.full(len(holder), "holding", dtype=np.object_),
        lon=units.base_lon[holder],
        lat=units.base_lat[holder],
        cost=np.zeros(len(holder)),
    )
    starts = Starts(
        np.arange(len(holder)),
        units.vehicle_profile[holder],
        units.turnout_s[holder],
        units.hazard_source_id[holder],
    )
    return sites, starts


def _starting(found: Read, starts: Starts) -> Starts:
    """Return who starts from where; a clock that starts with the wheels leaves their turnout out."""
    if found.standard is None or found.standard.clock_start != FROM_WHEELS:
        return starts
    return replace(starts, ready_s=np.zeros(len(starts.site)))
