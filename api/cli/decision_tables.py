"""The decision as a person at a terminal reads it: needs, who goes, supplies, and what that uncovers."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from api.answer import Answer, RequirementSaid
from api.answer_choice import ChoiceSaid, Command

S_PER_MIN = 60


def decision(answer: Answer) -> Iterator[Table | Text]:
    """Yield what was decided, the most pressing first."""
    yield _plan(answer)
    yield _needs(answer)
    yield sent(answer.choice)
    yield from _weighed(answer)
    if answer.supply_choice.deliveries:
        yield _supplies(answer)
    yield from _cover(answer)


def clock(seconds: float | None) -> str:
    """Return ``m:ss``, or a dash where there is no time."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), S_PER_MIN)
    return f"{minutes}:{rest:02d}"


def table(title: str) -> Table:
    """Return an empty table."""
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold", pad_edge=False)


def _plan(answer: Answer) -> Text:
    text = Text.assemble(("\nPlan: ", "bold"), answer.plan.name)
    if answer.plan.lead_department:
        text.append(f" · lead {answer.plan.lead_department}")
    for contact in answer.plan.contacts:
        text.append(f"\n  call {contact.role}: {contact.name} {contact.phone}")
    return text


def _needs(answer: Answer) -> Table:
    rows = table("Needs")
    rows.add_column("what")
    for heading in ("needed", "can come", "due", "met at", "short of"):
        rows.add_column(heading, justify="right")
    for said in answer.requirements:
        unit = f" {said.unit_of_measure}" if said.unit_of_measure else ""
        least = "≥ " if said.adds_up == "maximum" and said.level is None else ""
        missing, met_at_s = _fares(answer, said)
        late = met_at_s is not None and said.deadline_s is not None and met_at_s > said.deadline_s
        rows.add_row(
            Text(said.label),
            f"{least}{said.quantity:g}{unit}",
            f"{said.available:g}{unit}",
            clock(said.deadline_s),
            Text(clock(met_at_s), style="bold yellow" if late else ""),
            Text(f"{missing:g}{unit}", style="bold red") if missing else "",
        )
    asked = list(dict.fromkeys(said.asked_by for said in answer.requirements))
    rows.caption = f"needs: {'; '.join(asked)}"
    return rows


def _fares(answer: Answer, said: RequirementSaid) -> tuple[float, float | None]:
    decided = answer.choice if said.what == "capability" else answer.supply_choice
    return decided.shortfall.get(said.label, 0.0), decided.met_at_s[said.label]


def sent(choice: ChoiceSaid) -> Table:
    """Return who goes, in which roles, and by whose word."""
    proof = "no better choice exists" if choice.proved else "the best found in the time allowed"
    rows = table(f"Who goes ({proof})")
    rows.add_column("p50", justify="right")
    rows.add_column("p90", justify="right")
    for heading in ("unit", "team", "call sign", "for", "by whose word"):
        rows.add_column(heading)
    for said in choice.units:
        roles = ", ".join(f"{role.requirement} {role.amount:g}" for role in said.roles)
        alerted = said.assigned or ("alerted: the site's own team" if said.own_team else "alerted")
        rows.add_row(
            Text(clock(said.arrival_s), style="bold"),
            clock(said.arrival_p90_s),
            Text(said.name),
            Text(said.team),
            Text(said.call_sign),
            Text(roles or alerted),
            Text(_word(said.command), style="" if said.command.how == "order" else "yellow"),
        )
    if not choice.units:
        rows.caption = "nobody can go"
    return rows


def _word(command: Command) -> str:
    return "ordered" if command.how == "order" else command.words.en


def _weighed(answer: Answer) -> Iterator[Text]:
    names = {said.id: f"{said.name} of {said.team}" for said in answer.units}
    for step in answer.choice.escalation:
        without = "; ".join(words.en for words in step.without) or "the needs are met, by more units"
        yield Text.assemble(("Escalated to ", "bold"), step.tier, f" — without it: {without}")
    for swap in answer.choice.near_equal:
        yield Text(
            f"Near-equal: {names.get(swap.instead, swap.instead)} instead of "
            f"{names.get(swap.sent, swap.sent)}, {swap.later_s:.0f} s later",
            style="dim",
        )


def _supplies(answer: Answer) -> Table:
    units = {said.name: said.unit_of_measure for said in answer.requirements if said.what == "supply"}
    rows = table("Supplies")
    rows.add_column("arrival", justify="right")
    for heading in ("depot", "gives", "how", "call"):
        rows.add_column(heading)
    for said in answer.supply_choice.deliveries:
        how = "delivered" if said.carrier_name is None else f"picked up by {said.carrier_name}"
        gives = ", ".join(f"{name} {amount:g} {units[name]}" for name, amount in said.items.items())
        call = Text(f"{said.contact} {said.phone}")
        rows.add_row(Text(clock(said.arrival_s), style="bold"), Text(said.name), Text(gives), Text(how), call)
    return rows


def _cover(answer: Answer) -> Iterator[Table | Text]:
    cover = answer.cover
    if not cover.lost:
        return
    rows = table("Left without their standard of cover")
    for heading in ("grade", "standard", "before", "after"):
        rows.add_column(heading, justify="right")
    rows.add_column("hazard source")
    for said in cover.lost:
        rows.add_row(
            str(said.grade),
            clock(said.standard_s),
            clock(said.before_s),
            Text(clock(said.after_s), style="bold red"),
            Text(said.name),
        )
    yield rows
    if cover.move_up is not None:
        move = cover.move_up
        yield Text.assemble(
            ("Move up: ", "bold"),
            f"{move.name} to {move.to_base}, {clock(move.drive_s)} min, regains {len(move.regains)}",
        )
    elif cover.why_no_move is not None:
        yield Text(f"No move-up: {cover.why_no_move.en}")
