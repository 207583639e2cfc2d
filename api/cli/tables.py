"""The answer as a person at a terminal reads it."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.answer import Answer, DepotSaid, UnitSaid
from api.cli.decision_tables import clock, decision, table

LEAST_FILE_WIDTH = 132
MOST_LISTED = 12
MOST_PASSED_OVER = 12
S_PER_MIN = 60


def print_answer(answer: Answer) -> None:
    """Print who comes, what is met when, and who was passed over."""
    paper = console()
    paper.print(_headline(answer))
    for part in decision(answer):
        paper.print(part)
    paper.print(_units(answer))
    paper.print(_depots(answer.depots))
    if answer.passed_over:
        paper.print(_passed_over(answer))
    roads = answer.roads
    paper.print(
        Text(f"Roads: {roads.name} {roads.hash[:12]} · {roads.source} · {roads.licence}", style="dim")
    )
    paper.print(Text(f"Road conditions: {_conditions(answer)}", style="dim"))
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def console() -> Console:
    """Return where to print: what is written to a file is never narrower than its tables."""
    paper = Console(highlight=False)
    if not paper.is_terminal:
        paper.width = max(paper.width, LEAST_FILE_WIDTH)
    return paper


def _conditions(answer: Answer) -> str:
    said = [f"{condition.kind}: {condition.reason}" for condition in answer.conditions]
    return f"version {answer.conditions_version}, {'; '.join(said) or 'none in force'}"


def _headline(answer: Answer) -> Text:
    incident = answer.incident
    number = (
        "not recorded" if incident.id is None else f"incident {incident.id}, recommendation {answer.number}"
    )
    text = Text.assemble(
        (f"{incident.kind}, severity {incident.severity}", "bold"),
        f" at {incident.place.lon},{incident.place.lat} ({number})",
    )
    if answer.what_if:
        text.append("\nWhat if: this is not the situation as it is.", "bold yellow")
    if incident.off_road:
        text.append(
            f"\nThe incident lies {incident.snap_m:,.0f} m off the road: times end there.", "bold red"
        )
    if answer.units:
        first = answer.units[0]
        text.append(f"\nFirst due: {first.name}, {first.team}, in {clock(first.arrival_s)} min", "bold green")
    else:
        text.append("\nNo unit can come.", "bold red")
    return text


def _units(answer: Answer) -> Table:
    rows = table("Units, soonest first")
    for heading in ("arrival", "turnout", "driving", "km"):
        rows.add_column(heading, justify="right")
    for heading in ("unit", "team", "brings", ""):
        rows.add_column(heading)
    for unit in answer.units[:MOST_LISTED]:
        rows.add_row(
            Text(clock(unit.arrival_s), style="bold"),
            clock(unit.turnout_s),
            clock(unit.travel_s),
            f"{unit.distance_m / 1000:.1f}",
            Text(unit.name),
            Text(unit.team),
            Text(_brings(unit.brings)),
            _remarks(unit, answer),
        )
    rows.caption = _more(len(answer.units), MOST_LISTED)
    return rows


def _remarks(unit: UnitSaid, answer: Answer) -> Text:
    text = Text()
    if unit.id == answer.first_due:
        text.append("first due", "bold green")
    if unit.position_stale and unit.position_age_s is not None:
        text.append(f" position {unit.position_age_s / S_PER_MIN:.0f} min old", "yellow")
    if unit.position_stale and not unit.rank_survives:
        text.append(" rank uncertain", "yellow")
    if unit.sent:
        text.append(" goes", "green")
    return text


def _depots(depots: list[DepotSaid]) -> Table:
    rows = table("Depots, soonest first")
    for heading in ("arrival", "loading", "driving", "km"):
        rows.add_column(heading, justify="right")
    for heading in ("depot", "tier", "holds", ""):
        rows.add_column(heading)
    for depot in depots[:MOST_LISTED]:
        rows.add_row(
            Text(clock(depot.arrival_s), style="bold"),
            clock(depot.loading_s),
            clock(depot.travel_s),
            f"{depot.distance_m / 1000:.1f}",
            Text(depot.name),
            depot.tier,
            Text(_brings(depot.brings)),
            "" if depot.delivers else "pick-up only",
        )
    rows.caption = _more(len(depots), MOST_LISTED)
    return rows


def _passed_over(answer: Answer) -> Table:
    rows = table("Passed over though nearer in a straight line")
    rows.add_column("km", justify="right")
    rows.add_column("who")
    rows.add_column("why")
    rows.add_column("what would change it")
    for said in answer.passed_over[:MOST_PASSED_OVER]:
        who = f"{said.kind} {said.name}"
        would = Text(said.would.words.en if said.would else "-")
        rows.add_row(f"{said.straight_m / 1000:.1f}", Text(who), Text("; ".join(said.reasons)), would)
    rows.caption = _more(len(answer.passed_over), MOST_PASSED_OVER)
    return rows


def _brings(brings: dict[str, float]) -> str:
    return ", ".join(f"{name} {quantity:g}" for name, quantity in brings.items())


def _more(count: int, shown: int) -> str | None:
    if count == 0:
        return "none"
    return f"and {count - shown} more" if count > shown else None
