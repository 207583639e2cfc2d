"""A check of the clauses as a person at a terminal reads it."""

from collections import Counter

from rich.table import Table
from rich.text import Text

from api.clauses.answer import ClauseSaid, ClausesAnswer, FindingSaid
from api.clauses.files import asked_of
from api.clauses.findings import Verdict
from api.cli.decision_tables import table
from api.cli.tables import console
from data.models import Strength

MOST_A_CLAUSE = 3


def print_clauses(answer: ClausesAnswer) -> None:
    """Print the clauses with their counts, the reds, and what would decide the rest."""
    paper = console()
    paper.print(_headline(answer))
    paper.print(_summary(answer.clauses))
    if answer.totals.red:
        paper.print(_reds([one for one in answer.findings if one.verdict == Verdict.RED]))
    paper.print(_undecided(answer))
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def _headline(answer: ClausesAnswer) -> Text:
    totals = answer.totals
    style = "bold red" if totals.red_shall else "bold green"
    said = f"{totals.red_shall} findings break a shall"
    counts = f"; green {totals.green}, red {totals.red}, cannot tell {totals.cannot_tell}"
    where = f"Clauses on {answer.roads}, {answer.today}"
    return Text.assemble(
        (where, "bold"), f"{f' · {answer.preset}' if answer.preset else ''}\n", (said, style), counts
    )


def _summary(clauses: list[ClauseSaid]) -> Table:
    rows = table("By clause")
    for heading in ("clause", "strength", "by", "asked"):
        rows.add_column(heading)
    for heading in ("green", "red", "cannot tell"):
        rows.add_column(heading, justify="right")
    rows.add_column("source")
    for one in clauses:
        doubt = "" if one.confirmed else "; not confirmed in a printed source"
        source = Text(f"judged by {one.judged_by}" if one.judged_by else f"{one.source}{doubt}")
        red = Text(str(one.red), "bold red" if one.red else "")
        counts = (str(one.green), red, str(one.cannot_tell))
        rows.add_row(Text(one.code), one.strength, one.decided_by, asked_of(one), *counts, source)
    return rows


def _reds(reds: list[FindingSaid]) -> Table:
    """Tell some reds of every clause, those that bind first."""
    shown = sorted(reds, key=lambda one: one.strength != Strength.SHALL)
    rows = table(f"Red, those that break a shall first, {MOST_A_CLAUSE} a clause at most")
    for heading in ("clause", "subject", "finding"):
        rows.add_column(heading)
    told: Counter[str] = Counter()
    for one in shown:
        told[one.clause] += 1
        if told[one.clause] <= MOST_A_CLAUSE:
            rows.add_row(Text(one.clause), Text(one.subject), Text(one.sentence.en))
    more = sum(max(count - MOST_A_CLAUSE, 0) for count in told.values())
    rows.caption = f"and {more} more: --json, --out or --map" if more else None
    return rows


def _undecided(answer: ClausesAnswer) -> Table:
    """Tell once for each clause and reason what would decide it."""
    reasons: dict[tuple[str, str], int] = {}
    for one in answer.findings:
        if one.verdict == Verdict.CANNOT_TELL:
            key = (one.clause, one.sentence.en)
            reasons[key] = reasons.get(key, 0) + 1
    rows = table("Cannot be told, and what would supply it")
    rows.add_column("clause")
    rows.add_column("times", justify="right")
    rows.add_column("why")
    for (clause, why), count in reasons.items():
        rows.add_row(Text(clause), str(count), Text(why))
    return rows
