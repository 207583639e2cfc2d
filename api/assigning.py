"""
The story of a dispatch: what was recommended, or named by a person, is claimed in one transaction.

Nothing is claimed that nobody confirmed: what others took meanwhile is named, and the next best proposed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.answer import Answer, read_answer
from api.assigned import AssignmentTold, told_of
from api.claiming import Parcel, asked_again, chosen_units, claim_of, parcels
from api.dispatching import LOST_MEANWHILE, Centre, recommend
from api.needs import NeedsAsked
from api.saying_so import checked_speaker
from data import assignments, incidents, reservations
from data.assignment_facts import AssignmentFacts
from data.audit import speaking_as
from data.database import DATABASE_LOST, transaction
from data.dispatches import DISPATCHED, Holder, UnitCard, cards_of, holders_of, reserved_under
from data.incident_states import hold_standing
from data.incidents import NotFoundError, Told
from data.models import AssignmentState, How
from data.reservations import SupplyClaim
from data.steps import Step
from geo.errors import InvalidInputError, RescueError

WORD = {How.ORDER: AssignmentState.ORDERED, How.REQUEST: AssignmentState.REQUESTED}
"""What a unit is once the word is given: ours are ordered, others requested."""


@dataclass(frozen=True)
class Order:
    """
    What a dispatcher confirms.

    Attributes
    ----------
    told : Step
        Who confirms it, by what it was told, and why.
    number : int or None
        The recommendation that is followed; the newest where None.
    units : tuple of int or None
        The units a person names; those that the recommendation sends where None.
    supplies : bool
        Whether the supplies of the recommendation are reserved.
    gives_word : bool
        Whether the units are ordered, or requested, at once; else they are only reserved.
    """

    told: Step
    number: int | None = None
    units: tuple[int, ...] | None = None
    supplies: bool = True
    gives_word: bool = False


@dataclass(frozen=True)
class Taken:
    """A unit that could not be claimed, why not, and who has it, if anybody."""

    unit: UnitCard
    why: str
    holder: Holder | None = None


@dataclass(frozen=True)
class Short:
    """Supplies that could not be reserved."""

    parcel: Parcel
    why: str


@dataclass(frozen=True)
class NextBest:
    """What is proposed instead, and not claimed: the units of a new recommendation, or why there is none."""

    number: int | None
    units: tuple[tuple[int, str, float], ...]
    why_none: str | None


@dataclass(frozen=True)
class Dispatched:
    """
    What came of an order.

    Attributes
    ----------
    number : int or None
        The recommendation that was followed; None where units were named and there was none.
    claimed : tuple of AssignmentTold
        The units the incident has, of those ordered; a repeated order finds them as they are.
    reservations : tuple of int
        The supplies newly set aside.
    taken, short : tuple
        What could not be had.
    next_best : NextBest or None
        What is proposed instead; None where everything was had.
    """

    incident_id: int
    number: int | None
    claimed: tuple[AssignmentTold, ...]
    reservations: tuple[int, ...]
    taken: tuple[Taken, ...]
    short: tuple[Short, ...]
    next_best: NextBest | None


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
        answer = _answer(session, incident_id, order)
        claimed, taken = _claim_units(session, incident_id, order, answer)
        claimed = _give_word(session, claimed, order) if order.gives_word else claimed
        reserved, short = _reserve(session, incident_id, order, answer, claimed, _today(centre))
        done = Dispatched(
            incident_id,
            answer.number if answer else None,
            tuple(told_of(session, claimed)),
            tuple(one for ids in reserved.values() for one in ids),
            taken,
            short,
            None,
        )
        _note(session, done, order, tuple(reserved))
    if not (taken or short):
        return done
    return replace(done, next_best=_next_best(incident_id, answer, centre))


def _answer(session: Session, incident_id: int, order: Order) -> Answer | None:
    """Return the answer that is followed; named units may go where none was ever given."""
    try:
        return read_answer(incidents.kept_answer(session, incident_id, order.number).answer)
    except NotFoundError:
        if order.units is None or order.number is not None:
            raise
        return None


def _claim_units(
    session: Session, incident_id: int, order: Order, answer: Answer | None
) -> tuple[tuple[AssignmentFacts, ...], tuple[Taken, ...]]:
    """Claim every unit that the incident has not got yet, by id, and say which of them could not be had."""
    cards = cards_of(session, _wanted(order, answer))
    _refuse_unknown(order, cards)
    ever = assignments.of_incident(session, incident_id)
    has = {one.unit_id: one.id for one in ever if one.active}
    ended = {} if order.units is not None else _ended(ever, answer)
    told, not_had = order.told, []
    for card in cards.values():
        if card.id in has or card.id in ended:
            continue
        wanted = claim_of(incident_id, card, answer)
        claimed = assignments.claim(session, wanted, told.who, told.source, told.happened_at)
        if claimed is None:
            not_had.append(card)
        else:
            has[card.id] = claimed
    facts = tuple(assignments.facts(session, has[unit]) for unit in cards if unit in has)
    holders = holders_of(session, [card.id for card in not_had])
    gone = tuple(Taken(cards[unit], why) for unit, why in ended.items() if unit in cards.keys() - has.keys())
    return facts, (*gone, *(_taken(card, holders.get(card.id)) for card in not_had))


def _ended(ever: Sequence[AssignmentFacts], answer: Answer | None) -> dict[int, str]:
    """Return who was sent by this very answer and is no longer: a person may name them to send them again."""
    number = answer.number if answer else None
    return {
        one.unit_id: f"{one.unit} was sent by it and is {one.state}: name it to send it again"
        for one in ever
        if one.closed_at is not None and one.recommendation_number == number
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
    claimed: Sequence[AssignmentFacts],
    today: datetime,
) -> tuple[dict[tuple[int, str], tuple[int, ...]], tuple[Short, ...]]:
    """Reserve what the answer has depots give and was not reserved by it before."""
    if answer is None or answer.number is None or not order.supplies:
        return {}, ()
    before = reserved_under(session, incident_id, answer.number)
    carriers = {one.unit_id: one.id for one in claimed}
    reserved: dict[tuple[int, str], tuple[int, ...]] = {}
    short: list[Short] = []
    for parcel in parcels(answer):
        key = parcel.depot_id, parcel.item
        if key in before:
            continue
        if parcel.carrier is not None and parcel.carrier not in carriers:
            short.append(Short(parcel, f"unit {parcel.carrier}, which was to fetch it, is not sent"))
            continue
        had = reservations.reserve(
            session,
            SupplyClaim(
                incident_id=incident_id,
                depot_id=parcel.depot_id,
                item=parcel.item,
                quantity=parcel.quantity,
                unit_of_measure=parcel.unit_of_measure,
                day=today.date(),
                available_after_s=parcel.available_after_s,
                assignment_id=None if parcel.carrier is None else carriers[parcel.carrier],
                approved_by=answer.supply_choice.below_minimum_by,
            ),
            order.told.who,
            order.told.source,
        )
        if had is None:
            short.append(Short(parcel, f"{parcel.depot} no longer has {parcel.quantity:g} of {parcel.item}"))
        else:
            reserved[key] = (*reserved.get(key, ()), *had)
    return reserved, tuple(short)


def _today(centre: Centre) -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo(centre.settings.time_zone))


def _note(session: Session, done: Dispatched, order: Order, reserved: Collection[tuple[int, str]]) -> None:
    """Write what was confirmed, by whom and why, and what could not be had."""
    detail: dict[str, object] = {
        "number": done.number,
        "named": None if order.units is None else list(order.units),
        "reason": order.told.note or None,
        "units": [one.facts.unit_id for one in done.claimed],
        "taken": [one.why for one in done.taken],
        "reserved": [{"depot": depot, "item": item} for depot, item in reserved],
        "short": [one.why for one in done.short],
    }
    told = Told(order.told.happened_at, order.told.source)
    incidents.note(session, done.incident_id, DISPATCHED, order.told.who, detail, told)


def _next_best(incident_id: int, answer: Answer | None, centre: Centre) -> NextBest:
    """Recommend anew, as people asked before, without what was taken meanwhile; nothing of it is claimed."""
    asked = asked_again(answer) if answer else NeedsAsked()
    try:
        anew = read_answer(recommend(incident_id, asked, centre).answer)
    except RescueError as error:
        return NextBest(None, (), str(error))
    except DATABASE_LOST:
        return NextBest(None, (), LOST_MEANWHILE)
    more = tuple((one.id, one.name, one.arrival_s) for one in anew.choice.units if one.assigned is None)
    return NextBest(anew.number, more, None)
