"""What plans achieve when teams are busy: many days of calls, answered by the product's own rule."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from api.answer_base import LonLat
from api.dispatching import Centre
from api.long_work import Say, say_memory
from api.simulating.answer import NewBaseSaid, SimulationAnswer
from api.simulating.asked import SimulationAsked, check
from api.simulating.fleet import CREW, Fleet, fleet_bytes, fleet_of, with_bases
from api.simulating.runs import TOWN_SEED, WARM_UP_DAYS, Job, RunDone, chance, runs_done
from api.simulating.saying import bases_said, measures_said
from api.simulating.spots import STREET_SPOTS
from api.simulating.town import Town, read_town
from geo.errors import InvalidInputError

TODAY, WITH_NEW = "A: what stands", "B: with the new bases"
BYTES_A_CALL = 4_000
"""About what a call takes while it is simulated: its trips and the choices kept of it."""
PROCESS_BYTES = 250_000_000
"""About what a process takes before it begins."""
Progress = Callable[[Iterable[RunDone], int], Iterator[RunDone]]
FROM_CALL = "call"
ENOUGH_JUDGED = 100
"""Of fewer calls a share says little."""


@dataclass(frozen=True)
class Told:
    """How long work tells of itself: a word at a time, and its runs as they are done."""

    say: Say
    progress: Progress


def simulate_plans(asked: SimulationAsked, centre: Centre, told: Told) -> SimulationAnswer:
    """
    Play the same calls through under what stands, and under what stands with new bases.

    Raises
    ------
    InvalidInputError
        When the question cannot be asked so; it names the option.
    TooLargeError
        When it takes more memory than is free.
    """
    check(asked)
    town = read_town(asked, centre, chance(asked.runs.seed, TOWN_SEED))
    units = town.board.units
    if not units.in_service.any():
        raise InvalidInputError("roads", "no unit of the registry is in service: nobody could be sent")
    _say_size(asked, town, told.say)
    spots = centre.roads.index.snap(town.spots.lon, town.spots.lat)
    fleets = [fleet_of(TODAY, units, spots, centre.roads)]
    if asked.bases:
        more = with_bases(units, asked.bases, town.equipment, town.board.read_capabilities)
        fleets.append(fleet_of(WITH_NEW, more, spots, centre.roads))
        _refuse_off_road(asked, fleets[1], centre)
    job = Job(town, tuple(fleets), asked)
    with runs_done(job) as runs:
        done = list(told.progress(runs, asked.runs.runs))
    return _answer(job, done, centre)


def _say_size(asked: SimulationAsked, town: Town, say: Say) -> None:
    runs, plans = asked.runs, 1 + bool(asked.bases)
    calls = asked.calls_per_day * (runs.days + WARM_UP_DAYS)
    matrices = plans * fleet_bytes(len(town.spots), len(town.board.units.id) + len(asked.bases))
    workers = runs.workers if runs.workers > 1 else 0
    needed = matrices + max(workers, 1) * plans * calls * BYTES_A_CALL + workers * PROCESS_BYTES
    what = (
        f"{runs.runs} runs of about {calls:,.0f} calls under {'two plans' if asked.bases else 'one plan'}, "
        f"{calls * runs.runs * plans:,.0f} answers"
    )
    say_memory(what, int(needed), say, "ask for fewer days, calls or workers")


def _refuse_off_road(asked: SimulationAsked, fleet: Fleet, centre: Centre) -> None:
    limit_m = centre.settings.snap_limit_m
    for base, off_m in zip(asked.bases, fleet.off_m[-len(asked.bases) :].tolist(), strict=True):
        if off_m > limit_m:
            raise InvalidInputError(
                "base", f"{base.name} is {off_m:,.0f} m from any road, the limit is {limit_m:,.0f} m"
            )


def _answer(job: Job, done: Sequence[RunDone], centre: Centre) -> SimulationAnswer:
    town, asked, standard = job.town, job.asked, job.town.standard
    return SimulationAnswer(
        roads=centre.roads.stored.name,
        licence=centre.roads.licence,
        standard="seconds" if standard is None else standard.code,
        within_s=asked.seconds or (standard.seconds if standard else 0.0),
        clock=FROM_CALL if standard is None else standard.clock_start,
        counts=_who_counts(town),
        plans=[fleet.name for fleet in job.fleets],
        new_bases=_new_bases(job),
        calls_per_day=asked.calls_per_day,
        days=asked.runs.days,
        warm_up_days=WARM_UP_DAYS,
        runs=len(done),
        seed=asked.runs.seed,
        calls=float(np.mean([run.figures[0].calls for run in done])),
        judged=float(np.mean([run.figures[0].judged for run in done])),
        trips=sum(run.trips for run in done),
        in_two_places=sum(run.in_two_places for run in done),
        unproved=sum(run.unproved for run in done),
        measures=measures_said(done, len(job.fleets)),
        bases=bases_said(done, job.fleets),
        notes=[*town.notes, *_few_judged(done), *NOTES],
    )


def _few_judged(done: Sequence[RunDone]) -> list[str]:
    judged = sum(run.figures[0].judged for run in done)
    if judged >= ENOUGH_JUDGED:
        return []
    return [f"The standard speaks about {judged} calls in all runs: ask for more days, runs or such calls."]


def _who_counts(town: Town) -> str:
    standard = town.standard
    if standard is None:
        return "any unit that can do something"
    holds = f" with {standard.capability}@{standard.capability_level:g}" if standard.capability else ""
    drives = f" driving a {standard.vehicle_profile}" if standard.vehicle_profile else ""
    at = f", at sources of level {standard.grade}" if standard.grade else ""
    return f"units{holds}{drives}{at}" if holds or drives else f"any unit that can do something{at}"


def _new_bases(job: Job) -> list[NewBaseSaid]:
    held = job.town.equipment
    holds = f"{held.profile}, {held.capability}@{held.level:g}, crew of {CREW}, {held.turnout_s:g} s turnout"
    return [
        NewBaseSaid(name=base.name, place=LonLat(lon=base.place.lon, lat=base.place.lat), holds=holds)
        for base in job.asked.bases
    ]


NOTES = (
    "Each call is answered by the product's own rule; turnout and driving are the medians it answers with, "
    "on open roads. Certificates and agreements count as they stand today.",
    "A unit is free when it is back at its base; the product would send one on its way back already.",
    "What is missing waits, the gravest call first, then the longest waiting, and is offered whenever "
    "somebody comes free who could help; a call whose last unit leaves is over. More is sent only where less "
    "is missing.",
    f"Calls come at random and evenly over the day, from hazard sources and {STREET_SPOTS} junctions. How "
    "often, of what kind and how long is assumed: call_places.csv and call_kinds.csv; give your own.",
    f"The first {WARM_UP_DAYS} day of each run is warm-up and not counted. Intervals are Student's t.",
)
