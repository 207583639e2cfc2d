"""``rescuegrid simulate``: what plans achieve over many days of calls, when teams are busy."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.plan_options import Roads, StandardCode
from api.cli.simulate_tables import print_simulation
from api.opening import open_centre
from api.planning import CapabilityAsked
from api.settings import Settings
from api.simulating.asked import CALLS_PER_DAY, DAYS, RUNS, BaseNamed, HeldAsked, Runs, SimulationAsked
from api.simulating.plans import Told, simulate_plans
from api.simulating.runs import RunDone
from api.siting.asked import TURNOUT_S


def simulate_command(
    *,
    roads: Roads,
    standard: StandardCode = None,
    seconds: Annotated[
        float | None, typer.Option(help="Or the seconds from the call to the first unit.")
    ] = None,
    bases: Annotated[
        list[str] | None,
        typer.Option("--base", metavar="NAME=LON,LAT", help="Plan B builds this too. May be repeated."),
    ] = None,
    need: Annotated[
        str | None,
        typer.Option(
            metavar="NAME@LEVEL", help="What a new base holds. Default: the standard's, else hazmat@2."
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="What a new base drives. Default: the standard's, else heavy-hazmat-truck."),
    ] = None,
    turnout_s: Annotated[float, typer.Option(help="How long a new base takes to turn out.")] = TURNOUT_S,
    calls_per_day: Annotated[
        float, typer.Option(metavar="N", help="How many calls, on average.")
    ] = CALLS_PER_DAY,
    days: Annotated[int, typer.Option(help="Counted days of each run; a day of warm-up goes before.")] = DAYS,
    runs: Annotated[int, typer.Option(help="Independent runs: the more, the narrower the intervals.")] = RUNS,
    seed: Annotated[int, typer.Option(help="Where chance begins: the same seed, the same calls.")] = 1,
    workers: Annotated[int, typer.Option(help="Processes at a time; the answer is the same for any.")] = 1,
    call_places: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where calls come from: CSV with where, counted, weight, basis."),
    ] = None,
    call_kinds: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What they are: CSV with where, kind, severity, weight, scene_median_min, scene_p90_min, "
            "basis.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Simulate many days of calls, each answered by the product's own rule from whoever is free then.

    With --base, the same calls are played through twice: with what stands, and with the new bases too; what
    sets the two apart is said with a 95 % interval. Nothing is recorded.

    Examples
    --------
    - `rescuegrid simulate --roads wuhan --standard cover-grade-1`

    - `rescuegrid simulate --roads wuhan --standard cover-grade-1 --base North=114.20,30.75
      --base South=114.35,30.42 --runs 20 --workers 2`

    - `rescuegrid simulate --roads wuhan --seconds 480 --calls-per-day 60 --call-kinds our_kinds.csv --json`
    """
    holds = None if need is None else CapabilityAsked.parse(need)
    asked = SimulationAsked(
        standard=standard,
        seconds=seconds,
        bases=tuple(BaseNamed.parse(text) for text in bases or ()),
        held=HeldAsked(
            None if holds is None else holds.code, 0.0 if holds is None else holds.level, profile, turnout_s
        ),
        calls_per_day=calls_per_day,
        runs=Runs(days, runs, seed, workers),
        places=call_places,
        kinds=call_kinds,
    )
    with open_centre(Settings(var=var, roads=roads)) as centre:
        answer = simulate_plans(asked, centre, Told(_say, _shown))
    if as_json:
        typer.echo(answer.model_dump_json(indent=1))
    else:
        print_simulation(answer)


def _say(word: str) -> None:
    typer.echo(word, err=True)


def _shown(done: Iterable[RunDone], runs: int) -> Iterator[RunDone]:
    console = Console(stderr=True)
    yield from track(
        done, description="Simulating", total=runs, console=console, disable=not console.is_terminal
    )
