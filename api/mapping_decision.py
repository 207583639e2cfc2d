"""The decision of an answer as its map shows it: plan, who goes, supplies, proof, lost cover, move-up."""

from collections.abc import Mapping

from api.answer import Answer
from api.answer_choice import Command, EscalationSaid, SentSaid
from geo.maps.decision import (
    Contact,
    MoveUpLine,
    PlanCard,
    Request,
    SentLine,
    SupplyLine,
    UncoveredLine,
    Verdict,
)
from geo.maps.words import Word, clock
from geo.places import Place

NEVER_S = float("inf")
MOST_TOLD = 2


def plan_card(answer: Answer) -> PlanCard:
    """Return the response plan."""
    plan = answer.plan
    return PlanCard(
        name=plan.name,
        lead_department=plan.lead_department,
        order_text=plan.order_text,
        action_card=plan.action_card,
        contacts=tuple(Contact(one.role, one.name, one.phone) for one in plan.contacts),
    )


def sent_lines(answer: Answer, names: Mapping[str, str]) -> tuple[SentLine, ...]:
    """Return who goes; ``names`` are the Chinese names of capabilities."""
    return tuple(
        SentLine(
            id=said.id,
            name=said.name,
            team=said.team,
            call_sign=said.call_sign,
            roles=_roles(said, names),
            arrival_s=said.arrival_s,
            arrival_p90_s=said.arrival_p90_s,
            request=_request(said.command),
        )
        for said in answer.choice.units
    )


def supply_lines(answer: Answer) -> tuple[SupplyLine, ...]:
    """Return what each depot gives."""
    units = {said.name: said.unit_of_measure for said in answer.requirements if said.what == "supply"}
    return tuple(
        SupplyLine(
            id=said.depot,
            depot=said.name,
            items=" · ".join(f"{name} {amount:g} {units[name]}" for name, amount in said.items.items()),
            picked_up_by=said.carrier_name,
            arrival_s=said.arrival_s,
        )
        for said in answer.supply_choice.deliveries
    )


def verdict(answer: Answer) -> Verdict:
    """Return how sure the choice is, and what a person should weigh."""
    choice = answer.choice
    names = {said.id: f"{said.team} {said.name}" for said in answer.units}
    lines = [
        Word(f"缺 {label} {missing:g}", f"short of {label} {missing:g}")
        for label, missing in choice.shortfall.items()
    ]
    lines += [
        Word(f"缺 {item}：{why.zh}", f"short of {item}: {why.en}")
        for item, why in answer.supply_choice.why_short.items()
    ]
    lines += [_escalated(step) for step in choice.escalation]
    lines += [
        Word(
            f"{names[swap.instead]} 可替代 {names[swap.sent]}",
            f"near-equal, {swap.later_s:.0f} s later",
        )
        for swap in choice.near_equal
        if {swap.instead, swap.sent} <= set(names)
    ]
    return Verdict(choice.proved, tuple(lines))


def _escalated(step: EscalationSaid) -> Word:
    """Say why a tier was called, by the first of what would go wrong without it."""
    told, more = step.without[:MOST_TOLD], len(step.without) - MOST_TOLD
    zh = "；".join(words.zh for words in told) + (f"；等 {len(step.without)} 项" if more > 0 else "")
    en = "; ".join(words.en for words in told) + (f"; and {more} more" if more > 0 else "")
    return (
        Word(f"升级到 {step.tier}，否则 {zh}", f"— without it {en}")
        if told
        else Word(f"升级到 {step.tier}：以更少车组满足需求", "— the needs are met with fewer units")
    )


def uncovered_lines(answer: Answer) -> tuple[UncoveredLine, ...]:
    """Return the hazard sources that lose their standard of cover."""
    return tuple(
        UncoveredLine(
            id=said.id,
            name=said.name,
            grade=said.grade,
            standard=f"{clock(said.standard_s)} ({said.standard})",
            before_s=said.before_s,
            after_s=NEVER_S if said.after_s is None else said.after_s,
        )
        for said in answer.cover.lost
    )


def move_up_line(answer: Answer) -> MoveUpLine | None:
    """Return the move that repairs most of it, or None."""
    move = answer.cover.move_up
    if move is None:
        return None
    names = {said.id: said.name for said in answer.cover.lost}
    return MoveUpLine(
        unit=move.name,
        base=move.to_base,
        drive_s=move.drive_s,
        start=Place(move.start.lon, move.start.lat),
        end=Place(move.end.lon, move.end.lat),
        regains=", ".join(names.get(source, str(source)) for source in move.regains),
    )


def _roles(said: SentSaid, names: Mapping[str, str]) -> str:
    filled = [
        f"{names.get(role.requirement.partition('@')[0], role.requirement)} {role.amount:g}"
        for role in said.roles
    ]
    alerted = "本单位力量 own team" if said.own_team else "先期 first due"
    return " · ".join(filled) or alerted


def _request(command: Command) -> Request | None:
    if command.how == "order":
        return None
    cost = (
        ""
        if command.call_out_cost_yuan is None
        else f"¥{command.call_out_cost_yuan:g} + ¥{command.cost_per_hour_yuan or 0:g}/h"
    )
    return Request(
        authority=command.authority or "",
        approver=command.approver or "",
        phone=command.phone or "",
        agreement=command.agreement or "无协议 no agreement",
        cost=cost,
    )
