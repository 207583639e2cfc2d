"""A survey as a person at a terminal reads it: percentages, then the worst of each list."""

from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import clock, table
from api.cli.tables import console
from api.survey.answer import EnterpriseSaid, ShareSaid, SurveyAnswer, UnverifiedSaid
from api.survey.words import gaps_of, late_of

MOST_LISTED = 20


def print_survey(answer: SurveyAnswer) -> None:
    """Print the summary, enterprises without help, sources with gaps, and rows nobody has checked."""
    paper = console()
    paper.print(
        Text.assemble(
            (f"Resource survey of {answer.day}", "bold"),
            f" · within {clock(answer.within_s)} min of the order · verified within {answer.stale_days} days",
        )
    )
    for part in (_summary(answer), _enterprises(answer), _sources(answer), _tables(answer), _rows(answer)):
        paper.print(part)
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def _summary(answer: SurveyAnswer) -> Table:
    summary, rows = answer.summary, table("The plans want 100 % of each")
    rows.add_column("what")
    rows.add_column("%", justify="right")
    rows.add_column("good", justify="right")
    for what, share in (
        ("enterprises with a team of their own or an agreement in force", summary.provided),
        ("graded sources that lack nothing within reach", summary.equipped),
        ("graded sources where besides nothing comes later than due", summary.in_time),
        ("rows verified", summary.verified),
        (f"rows verified within {answer.stale_days} days", summary.current),
    ):
        rows.add_row(what, _percent(share), f"{share.good}/{share.of}")
    return rows


def _percent(share: ShareSaid) -> Text:
    if share.percent is None:
        return Text("-")
    return Text(f"{share.percent:g}", style="bold green" if share.good == share.of else "bold red")


def _enterprises(answer: SurveyAnswer) -> Table:
    without = [one for one in answer.enterprises if not one.provided]
    rows = table(f"Neither a team nor an agreement in force on {answer.day}: {len(without)}")
    rows.add_column("grade", justify="right")
    rows.add_column("enterprise")
    rows.add_column("people", justify="right")
    rows.add_column("sources")
    rows.add_column("agreement")
    for one in without[:MOST_LISTED]:
        rows.add_row(*_enterprise(one))
    rows.caption = _more(len(without))
    return rows


def _enterprise(one: EnterpriseSaid) -> tuple[str | Text, ...]:
    lapsed = f"{', '.join(one.lapsed)} has run out" if one.lapsed else "none"
    people = "-" if one.headcount is None else f"{one.headcount:,}"
    return _grade(one.grade), Text(one.name), people, Text(", ".join(one.sources)), Text(lapsed)


def _sources(answer: SurveyAnswer) -> Table:
    pressing = [one for one in answer.sources if one.gaps or any(late_of(one))]
    lacking = sum(one.gaps > 0 for one in pressing)
    rows = table(f"Sources that lack something: {lacking}, and late ones: {len(pressing) - lacking}")
    rows.add_column("grade", justify="right")
    rows.add_column("source")
    rows.add_column("first", justify="right")
    rows.add_column("lacks", style="red")
    rows.add_column("late", style="yellow")
    for one in pressing[:MOST_LISTED]:
        lacks, late = "; ".join(gaps_of(one)), "; ".join(late_of(one))
        rows.add_row(_grade(one.grade), Text(one.name), clock(one.first_s), Text(lacks), Text(late))
    rows.caption = _more(len(pressing))
    return rows


def _tables(answer: SurveyAnswer) -> Table:
    rows = table("Verified, by table")
    rows.add_column("table")
    for heading in ("rows", "never", "too long ago", "% verified", "% in time"):
        rows.add_column(heading, justify="right")
    for one in answer.tables:
        shares = f"{one.percent_verified:g}", f"{one.percent_current:g}"
        rows.add_row(one.table, str(one.rows), str(one.never), str(one.stale), *shares)
    return rows


def _rows(answer: SurveyAnswer) -> Table:
    rows = table(f"To be verified: {len(answer.unverified)}")
    rows.add_column("table")
    rows.add_column("id", justify="right")
    rows.add_column("name")
    rows.add_column("last", justify="right")
    rows.add_column("by")
    for one in answer.unverified[:MOST_LISTED]:
        rows.add_row(*_row(one))
    rows.caption = _more(len(answer.unverified))
    return rows


def _row(one: UnverifiedSaid) -> tuple[str | Text, ...]:
    last = "never" if one.verified_on is None else str(one.verified_on)
    return one.table, str(one.id), Text(one.name), last, Text(one.verified_by or "-")


def _grade(grade: int | None) -> str:
    return "none" if grade is None else str(grade)


def _more(count: int) -> str | None:
    if not count:
        return "none"
    return f"and {count - MOST_LISTED} more" if count > MOST_LISTED else None
