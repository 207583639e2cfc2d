"""A simulation as a person at a terminal reads it."""

from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import clock, table
from api.cli.tables import console
from api.simulating.answer import EstimateSaid, SimulationAnswer

MOST_BASES = 12
SHARE = "share"
NOTHING = "nothing to count"


def print_simulation(answer: SimulationAnswer) -> None:
    """Print each figure under each plan with its interval, what sets them apart, and the busiest bases."""
    paper = console()
    paper.print(_headline(answer))
    paper.print(_measures(answer))
    for text in _verdicts(answer):
        paper.print(text)
    paper.print(_bases(answer))
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def _headline(answer: SimulationAnswer) -> Text:
    text = Text.assemble(
        (f"{answer.standard}: within {clock(answer.within_s)} min of the {answer.clock}", "bold"),
        f" · {answer.counts}\n",
        f"{answer.runs} runs of {answer.days} days, {answer.calls_per_day:g} calls a day, seed "
        f"{answer.seed}: {answer.calls:,.0f} calls a run, {answer.judged:,.1f} of which the standard "
        "speaks about\n",
        f"{answer.trips:,} trips, units in two places: {answer.in_two_places}",
    )
    if answer.unproved:
        text.append(f"\n{answer.unproved} choices were cut short by time", "yellow")
    for base in answer.new_bases:
        text.append(f"\nB builds {base.name} at {base.place.lon},{base.place.lat}: {base.holds}")
    return text


def _measures(answer: SimulationAnswer) -> Table:
    rows = table("Mean over runs (95 % interval)")
    rows.add_column("what")
    for plan in answer.plans:
        rows.add_column(plan, justify="right")
    if len(answer.plans) > 1:
        rows.add_column("B less A, the same calls", justify="right")
    for measure in answer.measures:
        apart = [] if measure.difference is None else [_said(measure.difference, measure.unit, signed=True)]
        rows.add_row(measure.words, *(_said(plan, measure.unit) for plan in measure.plans), *apart)
    return rows


def _verdicts(answer: SimulationAnswer) -> list[Text]:
    return [
        Text.assemble((f"{measure.words}: ", "bold"), measure.verdict)
        for measure in answer.measures
        if measure.verdict
    ]


def _bases(answer: SimulationAnswer) -> Table:
    rows = table("Busy fraction by base, the busiest first")
    rows.add_column("base")
    rows.add_column("units", justify="right")
    for plan in answer.plans:
        rows.add_column(plan, justify="right")
    for base in answer.bases[:MOST_BASES]:
        shown = ("-" if plan is None else _said(plan, SHARE) for plan in base.plans)
        rows.add_row(Text(base.name), str(base.units), *shown)
    hidden = len(answer.bases) - MOST_BASES
    rows.caption = f"and {hidden} more" if hidden > 0 else None
    return rows


def _said(found: EstimateSaid, unit: str, *, signed: bool = False) -> str:
    if found.mean is None:
        return NOTHING
    sign = "+z" if signed else "z"
    shape, factor, mark = (f"{sign}.1f", 100.0, " %") if unit == SHARE else (f"{sign}.0f", 1.0, " s")
    ends = (found.low, found.high)
    within = " to ".join(f"{end * factor:{shape}}" for end in ends if end is not None)
    return f"{found.mean * factor:{shape}}{mark}" + (f" ({within})" if within else "")
