"""Coverage as a person at a terminal reads it."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import clock, table
from api.cli.tables import console
from api.coverage.answer import CoverageAnswer, QuestionSaid, SourceSaid

MOST_UNREACHED = 15
NO_GRADE = 9


def print_coverage(answer: CoverageAnswer) -> None:
    """Print counts, the sources not reached in time, districts, and what circles promise."""
    paper = console()
    paper.print(headline(answer.question))
    paper.print(_verdict(answer))
    for part in _parts(answer):
        paper.print(part)
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def headline(question: QuestionSaid) -> Text:
    """Return what was asked."""
    name = f"{question.standard}: {question.standard_en}" if question.standard else "No standard"
    within = "ever" if question.within_s is None else f"within {clock(question.within_s)} min"
    counted = "turnout counted" if question.counts_turnout else "turnout not counted"
    text = Text.assemble((name, "bold"), f" · {within} of the {question.clock}, {counted}")
    for said in (question.capability, question.profile, question.preset):
        if said:
            text.append(f" · {said}")
    if question.closed_segments:
        text.append(f" · {question.closed_segments} stretches closed", "yellow")
    if question.source:
        text.append(f"\nSource: {question.source}", "dim")
    return text


def _verdict(answer: CoverageAnswer) -> Text:
    reached = sum(source.reached for source in answer.sources)
    said = f"{reached} of {len(answer.sources)} hazard sources reached in time"
    if answer.met is None:
        return Text("There is no hazard source to reach.", "bold yellow")
    return Text(f"{said}: {'met' if answer.met else 'not met'}", "bold green" if answer.met else "bold red")


def _parts(answer: CoverageAnswer) -> Iterator[Table | Text]:
    yield _grades(answer)
    yield _lengths(answer)
    yield _unreached(answer)
    if answer.districts:
        yield _districts(answer)
    if answer.radius is not None:
        yield _radius(answer)


def _grades(answer: CoverageAnswer) -> Table:
    rows = table("By grade")
    for heading in ("grade", "sources", "reached", "by a second base", "worst arrival"):
        rows.add_column(heading, justify="right")
    for row in answer.grades:
        grade = "none" if row.grade is None else str(row.grade)
        rows.add_row(grade, str(row.sources), str(row.reached), str(row.reached_twice), clock(row.worst_s))
    return rows


def _lengths(answer: CoverageAnswer) -> Text:
    names = {source.id: source for source in answer.sources}
    lines = [
        f"Roads: {answer.roads.reached_km:,.0f} of {answer.roads.total_km:,.0f} km; "
        f"area {answer.area_km2:,.0f} km²; from {len(answer.bases)} bases",
        f"Pipelines: {answer.lines.reached_km:,.1f} of {answer.lines.total_km:,.1f} km",
    ]
    if answer.people is not None:
        lines.append(f"People: {answer.people.reached:,.0f} of {answer.people.total:,.0f}")
    if answer.worst is not None:
        worst = names[answer.worst]
        where = f"{worst.place.lon},{worst.place.lat}"
        lines.append(
            f"Worst arrival: {clock(worst.first_s)} min, {worst.name} at {where}, from {worst.first_base}"
        )
    if answer.never:
        lines.append(f"No road leads to {len(answer.never)} sources: {_named(answer, answer.never)}")
    return Text("\n".join(lines))


def _unreached(answer: CoverageAnswer) -> Table:
    late = [source for source in answer.sources if not source.reached]
    late.sort(key=lambda one: (one.grade or NO_GRADE, -(one.first_s or float("inf")), one.id))
    rows = table("Not reached in time, the gravest first")
    rows.add_column("grade", justify="right")
    rows.add_column("source")
    for heading in ("first due", "second due", "share"):
        rows.add_column(heading, justify="right")
    rows.add_column("first base")
    for source in late[:MOST_UNREACHED]:
        rows.add_row(*_late(source))
    rows.caption = f"and {len(late) - MOST_UNREACHED} more" if len(late) > MOST_UNREACHED else None
    return rows


def _late(source: SourceSaid) -> tuple[str | Text, ...]:
    share = "" if source.length_km is None else f"{source.share:.0%} of {source.length_km:.1f} km"
    grade = "none" if source.grade is None else str(source.grade)
    times = clock(source.first_s), clock(source.second_s)
    return (grade, Text(source.name), *times, share, Text(source.first_base or "-"))


def _districts(answer: CoverageAnswer) -> Table:
    rows = table("By district")
    rows.add_column("district")
    for heading in ("sources", "grades 1, 2", "road km", "people", "worst arrival"):
        rows.add_column(heading, justify="right")
    for row in answer.districts:
        people = "" if row.people is None else f"{row.people.reached:,.0f}/{row.people.total:,.0f}"
        rows.add_row(
            Text(row.name),
            f"{row.reached}/{row.sources}",
            f"{row.grades_1_2_reached}/{row.grades_1_2}",
            f"{row.roads.reached_km:,.0f}/{row.roads.total_km:,.0f}",
            people,
            clock(row.worst_s),
        )
    return rows


def _radius(answer: CoverageAnswer) -> Text:
    radius = answer.radius
    if radius is None:
        return Text()
    text = Text.assemble(
        (f"\nCircle of {radius.radius_km:g} km: ", "bold"),
        f"promises {radius.sources_promised} sources, the road gives {radius.sources_kept}; "
        f"promises {radius.roads_promised_km:,.0f} km of road, gives {radius.roads_kept_km:,.0f}",
    )
    if radius.lies:
        text.append(f"\nIt lies about {len(radius.lies)}: {_named(answer, radius.lies)}", "red")
    return text


def _named(answer: CoverageAnswer, ids: list[int]) -> str:
    names = {source.id: source.name for source in answer.sources}
    shown = ", ".join(names[one] for one in ids[:MOST_UNREACHED])
    return f"{shown} and {len(ids) - MOST_UNREACHED} more" if len(ids) > MOST_UNREACHED else shown
