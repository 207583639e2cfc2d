"""
The story of a dispatch: what was recommended, or named by a person, is claimed in one transaction.

Nothing is claimed that nobody confirmed: what others took meanwhile is named, and the next best proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.answer import Answer, OlderAnswerError, read_answer
from api.assigned import told_of
from api.claiming import asked_again, chosen_units, claim_of
from api.dispatched import Dispatched, NextBest, Order, Taken
from api.dispatching import LOST_MEANWHILE, Centre, recommend
from api.needs import NeedsAsked
from api.reserving import NOTHING, Reserved, reserve_parcels
from api.saying_so import checked_speaker
from data import assignments, incidents
from data.assignment_facts import AssignmentFacts
from data.audit import speaking_as
from data.database import DATABASE_LOST, transaction
from data.dispatches import DISPATCHED, Holder, UnitCard, cards_of, holders_of, take_over_roles
from data.incident_states import hold_standing
from data.incidents import NotFoundError, Told
from data.models import AssignmentState, How
from geo.errors import InvalidInputError, RescueError

WORD = {How.ORDER: AssignmentState.ORDERED, How.REQUEST: AssignmentState.REQUESTED}
"""What a unit is once the word is given: ours are ordered, others requested."""


def dispatch(incident_id: int, order: Order, centre: Centre) -> Dispatched:
    """
    Claim what was recommended, or the units a person names, and reserve supplies: all that is still there.

    Repeated, it claims nothing twice. What others took meanwhile is named with who has it, and the next best
    proposed; it is for a person to confirm.

    Raises
    ------
    InvalidInputError
        When nobody confirms it, or a named unit does not exist.
    NotFoundError
        When there is no such incident or recommendation.
    IncidentOverError
        When the incident is closed or merged.
    """
    checked_speaker(order.told)
    with transaction(centre.sessions) as session:
        hold_standing(session, incident_id)
        speaking_as(session, order.told.who, order.told.source)
        answer = _followed(session, incident_id, order)
        units = _claim_units(session, incident_id, order, answer)
        sent = _give_word(session, units.sent, order) if order.gives_word else units.sent
        supplies = _reserve(session, incident_id, order, answer, sent, _today(centre))
        done = _done(session, incident_id, answer, units, sent, supplies)
        if units.newly or supplies.made or done.falls_short:
            _note(session, done, order, supplies, units.roles)
    return replace(done, next_best=_next_best(done, answer, centre)) if done.falls_short else done


@dataclass(frozen=True)
class _Claimed:
    """
    The units wanted that the incident has, whether anything is new, and those it could not have.

    ``roles`` names the units the incident had already that are to do something else from now on.
    """

    sent: tuple[AssignmentFacts, ...]
    newly: bool
    roles: Mapping[int, Mapping[str, float]]
    taken: tuple[Taken, ...]


def _followed(session: Session, incident_id: int, order: Order) -> Answer | None:
    """Return the answer that is followed; named units may go where none was given, or none that is read."""
    try:
        return read_answer(incidents.kept_answer(session, incident_id, order.number).answer)
    except (NotFoundError, OlderAnswerError):
        if order.units is None or order.number is not None:
            raise
        return None


def _claim_units(session: Session, incident_id: int, order: Order, answer: Answer | None) -> _Claimed:
    """Claim every unit that the incident has not got yet, by id, and say which of them could not be had."""
    cards = cards_of(session, _wanted(order, answer))
    _refuse_unknown(order, cards)
    ever = assignments.of_incident(session, incident_id)
    has = {one.unit_id: one.id for one in ever if one.active}
    ended = {} if order.units is not None else _ended(ever, answer)
    told, before, not_had = order.told, len(has), []
    roles = _take_over_roles(session, has, answer)
    for card in cards.values():
        if card.id in has or card.id in ended:
            continue
        wanted = claim_of(incident_id, card, answer)
        claimed = assignments.claim(session, wanted, told.who, told.source, told.happened_at)
        if claimed is None:
            not_had.append(card)
        else:
            has[card.id] = claimed
    holders = holders_of(session, [card.id for card in not_had])
    gone = [Taken(cards[unit], why) for unit, why in ended.items() if unit in cards.keys() - has.keys()]
    return _Claimed(
        sent=tuple(assignments.facts(session, has[unit]) for unit in cards if unit in has),
        newly=len(has) > before or bool(roles),
        roles=roles,
        taken=(*gone, *(_taken(card, holders.get(card.id)) for card in not_had)),
    )


def _take_over_roles(
    session: Session, has: Mapping[int, int], answer: Answer | None
) -> dict[int, Mapping[str, float]]:
    """Let units that the incident has already do what the answer counts on them for."""
    counted_on = [one for one in (answer.choice.units if answer else ()) if one.assigned and one.id in has]
    wanted = {one.id: {role.requirement: role.amount for role in one.roles} for one in counted_on}
    return {unit: roles for unit, roles in wanted.items() if take_over_roles(session, has[unit], roles)}


def _ended(ever: Sequence[AssignmentFacts], answer: Answer | None) -> dict[int, str]:
    """
    Return whom the incident has no longer, though the answer sends them: a person may name them again.

    They refused, or were sent by this very answer, or counted on by it, or have been let go since.
    """
    if answer is None:
        return {}
    counted_on = {one.id for one in answer.choice.units if one.assigned is not None}
    return {
        one.unit_id: f"{one.unit} was sent and is {one.state}: name it to send it again"
        for one in ever
        if one.closed_at is not None
        and (
            one.state == AssignmentState.REFUSED
            or one.recommendation_number == answer.number
            or one.unit_id in counted_on
            or one.closed_at > answer.made_at
        )
    }


def _wanted(order: Order, answer: Answer | None) -> tuple[int, ...]:
    if order.units is not None:
        return order.units
    return chosen_units(answer) if answer else ()


def _refuse_unknown(order: Order, cards: Mapping[int, UnitCard]) -> None:
    unknown = sorted(set(order.units or ()) - set(cards))
    if unknown:
        raise InvalidInputError("units", f"there is no unit {unknown[0]}")


def _taken(card: UnitCard, holder: Holder | None) -> Taken:
    if holder is None:
        return Taken(card, f"{card.name} is out of service")
    has_it = f"{card.name} is {holder.state} for incident {holder.incident_id}, sent by {holder.who}"
    return Taken(card, has_it, holder)


def _give_word(
    session: Session, claimed: Sequence[AssignmentFacts], order: Order
) -> tuple[AssignmentFacts, ...]:
    """Order ours and request others; who has had the word already is left as it is."""
    return tuple(
        assignments.step(session, one.id, WORD[How(one.how)], order.told)
        if one.state == AssignmentState.RESERVED
        else one
        for one in claimed
    )


def _reserve(
    session: Session,
    incident_id: int,
    order: Order,
    answer: Answer | None,
    sent: Sequence[AssignmentFacts],
    day: date,
) -> Reserved:
    if answer is None or not order.supplies:
        return NOTHING
    return reserve_parcels(session, incident_id, answer, sent, day, order.told)


def _today(centre: Centre) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(centre.settings.time_zone)).date()


def _done(
    session: Session,
    incident_id: int,
    answer: Answer | None,
    units: _Claimed,
    sent: Sequence[AssignmentFacts],
    supplies: Reserved,
) -> Dispatched:
    return Dispatched(
        incident_id=incident_id,
        number=answer.number if answer else None,
        claimed=tuple(told_of(session, sent)),
        reservations=supplies.ids,
        taken=units.taken,
        short=supplies.short,
        next_best=None,
    )


def _note(
    session: Session,
    done: Dispatched,
    order: Order,
    supplies: Reserved,
    roles: Mapping[int, Mapping[str, float]],
) -> None:
    """Write what was confirmed, by whom and why, and what could not be had."""
    detail: dict[str, object] = {
        "number": done.number,
        "named": None if order.units is None else list(order.units),
        "reason": order.told.note or None,
        "units": [one.facts.unit_id for one in done.claimed],
        "roles": [{"unit": unit, "now": dict(now)} for unit, now in roles.items()],
        "taken": [one.why for one in done.taken],
        "reserved": [{"depot": depot, "item": item} for depot, item in supplies.made],
        "short": [one.why for one in done.short],
    }
    told = Told(order.told.happened_at, order.told.source)
    incidents.note(session, done.incident_id, DISPATCHED, order.told.who, detail, told)


def _next_best(done: Dispatched, answer: Answer | None, centre: Centre) -> NextBest:
    """Recommend anew, as people asked before, without what was taken meanwhile; nothing of it is claimed."""
    asked = asked_again(answer) if answer else NeedsAsked()
    try:
        anew = read_answer(recommend(done.incident_id, asked, centre).answer)
    except RescueError as error:
        return NextBest(None, (), str(error))
    except DATABASE_LOST:
        return NextBest(None, (), LOST_MEANWHILE)
    more = tuple((one.id, one.name, one.arrival_s) for one in anew.choice.units if one.assigned is None)
    return NextBest(anew.number, more, None)
