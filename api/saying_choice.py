"""Say the decision: the plan, who goes for what by whose word, what is near-equal, how it escalates."""

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from api.answer_base import Words
from api.answer_choice import (
    ChoiceSaid,
    Command,
    ContactSaid,
    EscalationSaid,
    LevelSaid,
    PlanSaid,
    RoleSaid,
    SentSaid,
    StandardSaid,
    SwapSaid,
)
from api.arriving import Arrivals
from api.commanding import Commanding, Request
from api.needs import label
from api.offering import of_the_site
from api.picture import Picture
from api.rounding import amount, seconds, seconds_if_ever
from api.sending import Sending, Step
from api.supplying import Fetching
from routing.dispatch import Candidates
from routing.needs import Requirement
from routing.spoken import spoken

LATER_MATTERS_S = 6.0
NOBODY_FETCHES: Mapping[int, Fetching] = MappingProxyType({})
S_PER_MIN = 60
LEFT_OPEN = re.compile(r"\{(?:kind|severity|place|substance)\}")


def say_plan(picture: Picture) -> PlanSaid:
    """Say the plan, its order written out but for the arrival, which each unit's own order names."""
    plan = picture.needs.plan
    asked = [standard for standard in picture.standards if standard.code in plan.standards]
    return PlanSaid(
        name=plan.name,
        lead_department=plan.lead_department,
        order_text=_filled_in(picture, plan.order_text),
        action_card=plan.action_card,
        contacts=[ContactSaid(role=one.role, name=one.name, phone=one.phone) for one in plan.contacts],
        standards=[
            StandardSaid(
                code=standard.code,
                name=Words(en=standard.name_en, zh=standard.name_zh),
                seconds=standard.seconds,
                clock_start=standard.clock_start,
                strength=standard.strength,
                source=standard.source,
            )
            for standard in asked
        ],
    )


def _filled_in(picture: Picture, order_text: str) -> str:
    """Fill in all that is known, in one go: what a caller said is never taken for something to be filled."""
    incident = picture.incident
    said = {
        "{kind}": incident.kind,
        "{severity}": str(incident.severity),
        "{place}": picture.site.name if picture.site else f"{incident.place.lon},{incident.place.lat}",
        "{substance}": incident.substance or "?",
    }
    return LEFT_OPEN.sub(lambda left_open: said[left_open[0]], order_text)


def label_zh(requirement: Requirement) -> str:
    """Return what a requirement is called in Chinese, with the level of its crews where one is asked for."""
    level = f"{requirement.level:g}级以上" if requirement.level else ""
    return f"{level}{spoken(requirement.name).zh}"


def say_choice(
    picture: Picture,
    units: Candidates,
    arrivals: Arrivals,
    sending: Sending,
    steps: Sequence[Step],
    fetching: Mapping[int, Fetching] = NOBODY_FETCHES,
) -> ChoiceSaid:
    """Say which units go together."""
    together, needs = sending.together, picture.needs.capabilities
    labels = [label(need) for need in needs]
    return ChoiceSaid(
        units=_sent(picture, units, arrivals, sending, fetching),
        met_at_s={
            name: seconds_if_ever(met_s) for name, met_s in zip(labels, together.met_at_s, strict=True)
        },
        shortfall={
            name: amount(missing)
            for name, missing in zip(labels, together.missing, strict=True)
            if missing > 0
        },
        levels=[
            LevelSaid(
                name=level.name,
                value=seconds_if_ever(level.value),
                bound=seconds_if_ever(level.bound),
                gap=amount(level.gap),
                proved=level.proved,
            )
            for level in together.levels
        ],
        proved=together.proved,
        tolerance_s=sending.rules.tolerance_s,
        near_equal=[
            SwapSaid(
                sent=int(sending.offers.id[swap.sent]),
                instead=int(sending.offers.id[swap.instead]),
                later_s=seconds(swap.later_s),
            )
            for swap in together.swaps
        ],
        escalation=[_escalation(picture, sending, step, needs) for step in steps],
    )


def say_command(request: Request | None) -> Command:
    """Say by whose word a unit goes."""
    if request is None:
        words = Words(en="ours: ordered", zh="本级力量：下达调派指令")
        return Command(
            how="order",
            authority=None,
            approver=None,
            phone=None,
            agreement=None,
            call_out_cost_yuan=None,
            cost_per_hour_yuan=None,
            words=words,
        )
    authority, agreement = request.authority, request.agreement
    under = (
        (f"under agreement {agreement.number}", f"依据协议{agreement.number}")
        if agreement
        else ("no agreement holds", "无有效协议")
    )
    return Command(
        how="request",
        authority=authority.name,
        approver=authority.approver,
        phone=authority.phone,
        agreement=agreement.number if agreement else None,
        call_out_cost_yuan=agreement.call_out_cost_yuan if agreement else None,
        cost_per_hour_yuan=agreement.cost_per_hour_yuan if agreement else None,
        words=Words(
            en=f"requested from {authority.name}, approved by {authority.approver}, {under[0]}",
            zh=f"商请{authority.name}调派，由{authority.approver}批准，{under[1]}",
        ),
    )


def _sent(
    picture: Picture,
    units: Candidates,
    arrivals: Arrivals,
    sending: Sending,
    fetching: Mapping[int, Fetching],
) -> list[SentSaid]:
    columns, commanding = picture.units, Commanding(picture)
    labels = [label(need) for need in picture.needs.capabilities]
    straight_there = Fetching(None, 0.0)
    spare = [unit for unit in fetching if unit not in sending.sent]
    nothing = np.zeros(len(labels))
    own, here = of_the_site(picture), picture.busy_here
    return [
        SentSaid(
            id=int(units.id[unit]),
            name=columns.name[unit],
            team=columns.team[unit],
            tier=columns.tier[unit],
            call_sign=columns.call_sign[unit],
            phone=columns.phone[unit],
            arrival_s=seconds(units.arrival_s[unit] + way.later_s),
            arrival_p90_s=seconds(arrivals.arrival_p90_s[unit] + way.later_s),
            by_way_of=way.depot,
            first_due=place == sending.first_due,
            own_team=bool(own[unit]),
            assigned=columns.busy_state[unit] if here[unit] else None,
            roles=[
                RoleSaid(requirement=name, amount=amount(filled))
                for name, filled in zip(labels, roles, strict=True)
                if filled > 0
            ],
            command=say_command(commanding.request(int(unit))),
        )
        for place, (unit, roles) in enumerate(
            zip((*sending.sent, *spare), (*sending.together.role, *[nothing] * len(spare)), strict=True)
        )
        for way in (fetching.get(int(unit), straight_there),)
    ]


def _escalation(
    picture: Picture, sending: Sending, step: Step, needs: Sequence[Requirement]
) -> EscalationSaid:
    return EscalationSaid(
        tier=step.tier,
        units=picture.units.id[step.units].tolist(),
        without=[
            words for j, need in enumerate(needs) if (words := _without(need, sending, step, j)) is not None
        ],
    )


def _without(need: Requirement, sending: Sending, step: Step, j: int) -> Words | None:
    """Say what a need would lack, or how much later it would be met, with the tiers before alone."""
    name, name_zh = label(need), label_zh(need)
    more = float(step.without.missing[j] - sending.together.missing[j])
    if more > 0:
        return Words(en=f"{name}: {more:g} more would be missing", zh=f"{name_zh}：还将缺{more:g}")
    without_s = float(step.without.met_s[j])
    later_s = without_s - float(sending.together.soonest_met_s[j])
    if without_s < math.inf and later_s > LATER_MATTERS_S:
        minutes = later_s / S_PER_MIN
        return Words(en=f"{name}: met {minutes:.1f} min later", zh=f"{name_zh}：满足将晚{minutes:.1f}分钟")
    return None
