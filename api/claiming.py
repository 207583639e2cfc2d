"""What an answer asks to claim: its units with what was promised of them, and its supplies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.answer import Answer, UnitSaid
from api.answer_choice import DeliverySaid, SentSaid
from api.needs import ASKED, NeedsAsked, Supply, Wanted
from data.assignment_facts import Predicted
from data.assignments import Claim
from data.dispatches import UnitCard

ONE_CREW = 1.0


@dataclass(frozen=True)
class Parcel:
    """One item that a depot is to give, and the unit that fetches it, if one does."""

    depot_id: int
    depot: str
    item: str
    quantity: float
    unit_of_measure: str
    available_after_s: float
    carrier: int | None


def chosen_units(answer: Answer) -> tuple[int, ...]:
    """Return the units that an answer sends."""
    return tuple(sent.id for sent in answer.choice.units)


def claim_of(incident_id: int, card: UnitCard, answer: Answer | None) -> Claim:
    """Return the claim of a unit: for what the answer sends it, else for what it was said to bring."""
    listed = _listed(answer, card.id)
    sent = _sent(answer, card.id)
    return Claim(
        incident_id=incident_id,
        unit_id=card.id,
        how=card.how,
        roles=_roles(answer, sent, listed),
        recommendation_number=answer.number if answer and sent else None,
        tier=card.tier,
        predicted=_predicted(answer, listed),
    )


def parcels(answer: Answer) -> tuple[Parcel, ...]:
    """Return what an answer has depots give, by depot and item: in the order in which stock is locked."""
    unit_of = {said.name: said.unit_of_measure for said in answer.requirements if said.what == "supply"}
    found = [
        Parcel(
            delivery.depot,
            delivery.name,
            item,
            quantity,
            unit_of[item] or "",
            delivery.available_after_s,
            delivery.carrier,
        )
        for delivery, item, quantity in _items(answer.supply_choice.deliveries)
    ]
    return tuple(sorted(found, key=lambda one: (one.depot_id, one.item, one.available_after_s)))


def asked_again(answer: Answer) -> NeedsAsked:
    """Return the needs that people had asked for where an answer rests on such, to be asked for once more."""
    asked = [said for said in answer.requirements if said.asked_by == ASKED]
    capabilities = tuple(
        Wanted(said.name, said.quantity, said.level or 0.0, said.deadline_s)
        for said in asked
        if said.what == "capability"
    )
    had = answer.supply_choice.reserved
    supplies = tuple(
        Supply(
            said.name, said.quantity + had.get(said.name, 0.0), said.unit_of_measure or "", said.deadline_s
        )
        for said in asked
        if said.what == "supply"
    )
    return NeedsAsked(capabilities or None, supplies or None, answer.supply_choice.below_minimum_by)


def _items(deliveries: Sequence[DeliverySaid]) -> Iterator[tuple[DeliverySaid, str, float]]:
    for delivery in deliveries:
        for item, quantity in delivery.items.items():
            yield delivery, item, quantity


def _listed(answer: Answer | None, unit_id: int) -> UnitSaid | None:
    return next((unit for unit in (answer.units if answer else ()) if unit.id == unit_id), None)


def _sent(answer: Answer | None, unit_id: int) -> SentSaid | None:
    return next((sent for sent in (answer.choice.units if answer else ()) if sent.id == unit_id), None)


def _roles(answer: Answer | None, sent: SentSaid | None, listed: UnitSaid | None) -> dict[str, float]:
    if sent is not None:
        return {role.requirement: role.amount for role in sent.roles}
    if answer is None or listed is None:
        return {}
    is_level = {said.label: said.adds_up == "maximum" for said in answer.requirements}
    return {name: ONE_CREW if is_level[name] else amount for name, amount in listed.brings.items()}


def _predicted(answer: Answer | None, listed: UnitSaid | None) -> Predicted:
    """Return what was promised; whoever is requested turns out when that is approved, who rolls at once."""
    if answer is None or listed is None:
        return Predicted()
    return Predicted(
        predicted_turnout_s=max(listed.arrival_s - listed.travel_s, 0.0),
        predicted_travel_s=listed.travel_s,
        predicted_p90_s=listed.arrival_p90_s,
        predicted_distance_m=listed.distance_m,
        predicted_class=listed.mostly_on,
        preset=next((condition.preset for condition in answer.conditions if condition.preset), None),
    )
