"""A replayed log as a person at a terminal reads it."""

from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import clock, table
from api.cli.tables import console
from api.replaying_log import LogReplay, ReplaySaid

MOST_UNITS = 10


def print_log_replay(replay: LogReplay) -> None:
    """Print what the log books twice, then each replay held against it."""
    paper = console()
    paper.print(_headline(replay))
    paper.print(_double_bookings(replay))
    for one in replay.replays:
        for part in (_verdict(one), _types(one), _units(one)):
            paper.print(part)
    for note in replay.assumptions:
        paper.print(Text(f"Note: {note}", style="dim"))


def _headline(replay: LogReplay) -> Text:
    counted = f"{replay.responses:,} responses of {replay.units} units to {replay.calls:,} calls"
    text = Text.assemble(
        (f"{replay.file}: {counted}", "bold"),
        f"\n{replay.begins_at} to {replay.ends_at}",
    )
    if replay.unusable:
        rows = ", ".join(f"{one.row} ({one.unit})" for one in replay.unusable)
        text.append(
            f"\n{len(replay.unusable)} rows say not when the unit was available and are left out: {rows}",
            "yellow",
        )
    return text


def _double_bookings(replay: LogReplay) -> Table:
    rows = table(f"The log's own double bookings: {len(replay.double_bookings)}")
    for heading in ("unit", "first call", "second call", "dispatched", "available from the first"):
        rows.add_column(heading)
    for one in replay.double_bookings:
        rows.add_row(one.unit, one.first_call, one.second_call, str(one.dispatched_at), str(one.available_at))
    return rows


def _verdict(one: ReplaySaid) -> Text:
    return Text.assemble(
        (f"\nReplay, {one.rule}: ", "bold"),
        f"{one.words}.\n",
        f"{one.to_others:,} responses to another unit, {one.waited:,} waited (longest "
        f"{clock(one.longest_wait_s)} min), units in two places: {one.in_two_places}.\n",
        f"Busy fraction, simulated less logged: at most {one.largest_difference:.2%} of the time, "
        f"{one.mean_difference:.2%} on average over units.",
    )


def _types(one: ReplaySaid) -> Table:
    rows = table("By type")
    rows.add_column("type")
    for heading in ("units", "responses", "logged", "simulated", "difference", "largest of a unit"):
        rows.add_column(heading, justify="right")
    for said in one.types:
        rows.add_row(
            said.unit_type,
            str(said.units),
            f"{said.responses:,}",
            f"{said.logged:.2%}",
            f"{said.simulated:.2%}",
            f"{said.difference:+.2%}",
            f"{said.largest:.2%}",
        )
    return rows


def _units(one: ReplaySaid) -> Table:
    rows = table("Units that differ most")
    for heading in ("unit", "type"):
        rows.add_column(heading)
    for heading in ("logged", "simulated", "difference"):
        rows.add_column(heading, justify="right")
    for said in one.units[:MOST_UNITS]:
        rows.add_row(
            said.unit,
            said.unit_type,
            f"{said.logged:.2%}",
            f"{said.simulated:.2%}",
            f"{said.difference:+.2%}",
        )
    return rows
