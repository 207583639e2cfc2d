"""Requirement by requirement: what was planned, what was chosen, and when it was met in fact."""

from collections.abc import Sequence
from datetime import datetime

from api.answer import Answer
from api.answer import RequirementSaid as Asked
from api.answer_base import Words
from api.papers.after_action_said import RequirementSaid
from data.incident_states import STANDING
from data.measures import factor
from data.models import ReservationState
from data.record import Record
from routing.spoken import spoken

ENOUGH = 1 - 1e-9
ONE_CREW = 1.0
SUPPLIES_NOT_TOLD = Words(zh="到场时间未记录", en="when it came is not told")
NEVER = Words(zh="始终未满足", en="never met")
NOT_YET = Words(zh="尚未满足", en="not met yet")
NOT_ORDERED = Words(zh="没有下令记录", en="no order is told")
GIVEN = (ReservationState.RESERVED, ReservationState.ISSUED, ReservationState.USED)


def requirements(record: Record, answer: Answer | None) -> list[RequirementSaid]:
    """Return what the answer was asked for, and how it went; nothing where there is no answer."""
    if answer is None:
        return []
    return [
        _capability(said, record, answer) if said.what == "capability" else _supply(said, record, answer)
        for said in answer.requirements
    ]


def _capability(said: Asked, record: Record, answer: Answer) -> RequirementSaid:
    came = [
        (there_at, one.roles.get(said.label, 0.0))
        for one in record.assignments
        if (there_at := record.progress(one.id).there_at) is not None
    ]
    met_at = _met_at(came, _needed(said))
    return _said(
        said,
        chosen=(answer.choice.met_at_s.get(said.label), answer.choice.shortfall.get(said.label, 0.0)),
        brought=sum(amount for _, amount in came),
        met_at_s=_since_order_s(record, met_at),
        remark=_remark(record, met_at),
    )


def _needed(said: Asked) -> float:
    """Return what the roles must add up to: of a level that one crew must have, one crew."""
    return ONE_CREW if said.adds_up == "maximum" and not said.level else said.quantity


def _met_at(came: Sequence[tuple[datetime, float]], needed: float) -> datetime | None:
    """Return when those on scene had brought enough, or None where they never did."""
    brought = 0.0
    for there_at, amount in sorted(came):
        brought += amount
        if brought >= needed * ENOUGH:
            return there_at
    return None


def _remark(record: Record, met_at: datetime | None) -> Words | None:
    if met_at is None:
        return _unmet(record)
    return NOT_ORDERED if record.ordered_at is None else None


def _unmet(record: Record) -> Words:
    """Say that a need was not met: for good only where the incident is over."""
    return NOT_YET if record.incident.status in STANDING else NEVER


def _supply(said: Asked, record: Record, answer: Answer) -> RequirementSaid:
    """Say a supply: it came with whoever carried it; of the depots' own vehicles nobody tells."""
    given = [one for one in record.supplies if one.item == said.name and one.state in GIVEN]
    came: list[tuple[datetime, float]] = []
    brought = 0.0
    for one in given:
        amount = one.quantity * (factor(one.unit_of_measure, said.unit_of_measure or "") or 0.0)
        brought += amount
        there_at = None if one.assignment_id is None else record.progress(one.assignment_id).there_at
        if there_at is not None:
            came.append((there_at, amount))
    met_at = _met_at(came, said.quantity)
    enough = brought >= said.quantity * ENOUGH
    return _said(
        said,
        chosen=(
            answer.supply_choice.met_at_s.get(said.label),
            answer.supply_choice.shortfall.get(said.label, 0.0),
        ),
        brought=brought,
        met_at_s=_since_order_s(record, met_at),
        remark=None if met_at else SUPPLIES_NOT_TOLD if enough else _unmet(record),
    )


def _said(
    said: Asked,
    *,
    chosen: tuple[float | None, float],
    brought: float,
    met_at_s: float | None,
    remark: Words | None,
) -> RequirementSaid:
    late = met_at_s is None and remark is NEVER
    known = met_at_s is not None or late
    return RequirementSaid(
        label=said.label,
        name=Words(zh=spoken(said.name).zh, en=said.label),
        quantity=said.quantity,
        unit_of_measure=said.unit_of_measure,
        deadline_s=said.deadline_s,
        chosen_met_at_s=chosen[0],
        chosen_missing=chosen[1],
        brought=brought,
        met_at_s=met_at_s,
        kept=None
        if said.deadline_s is None or not known
        else met_at_s is not None and met_at_s <= said.deadline_s,
        remark=remark,
    )


def _since_order_s(record: Record, moment: datetime | None) -> float | None:
    if moment is None or record.ordered_at is None:
        return None
    return (moment - record.ordered_at).total_seconds()
