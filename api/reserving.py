"""Set aside what an answer has depots give: once for each answer, and all that is still there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.answer import Answer
from api.claiming import Parcel, parcels
from api.dispatched import Short
from data import reservations
from data.assignment_facts import AssignmentFacts
from data.dispatches import reserved_under
from data.reservations import SupplyClaim
from data.steps import Step

Key = tuple[int, str]
"""A depot and an item."""


@dataclass(frozen=True)
class Reserved:
    """The reservations newly made, by depot and item, and what could not be reserved."""

    made: Mapping[Key, tuple[int, ...]]
    short: tuple[Short, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The reservations newly made."""
        return tuple(one for ids in self.made.values() for one in ids)


NOTHING = Reserved({}, ())


def reserve_parcels(
    session: Session, incident_id: int, answer: Answer, sent: Sequence[AssignmentFacts], day: date, told: Step
) -> Reserved:
    """
    Reserve what the answer has depots give and was not reserved by it before.

    What a unit was to fetch that is not sent stays where it is.
    """
    before = reserved_under(session, incident_id, answer.number or 0)
    carriers = {one.unit_id: one.id for one in sent}
    made: dict[Key, tuple[int, ...]] = {}
    short: list[Short] = []
    for parcel in parcels(answer):
        key = parcel.depot_id, parcel.item
        if key in before:
            continue
        if parcel.carrier is not None and parcel.carrier not in carriers:
            short.append(Short(parcel, f"unit {parcel.carrier}, which was to fetch it, is not sent"))
            continue
        claim = _claim(incident_id, parcel, carriers, answer.supply_choice.below_minimum_by, day)
        had = reservations.reserve(session, claim, told.who, told.source)
        if had is None:
            short.append(Short(parcel, f"{parcel.depot} no longer has {parcel.quantity:g} of {parcel.item}"))
        else:
            made[key] = (*made.get(key, ()), *had)
    return Reserved(made, tuple(short))


def _claim(
    incident_id: int, parcel: Parcel, carriers: Mapping[int, int], approved_by: str | None, day: date
) -> SupplyClaim:
    return SupplyClaim(
        incident_id=incident_id,
        depot_id=parcel.depot_id,
        item=parcel.item,
        quantity=parcel.quantity,
        unit_of_measure=parcel.unit_of_measure,
        day=day,
        available_after_s=parcel.available_after_s,
        assignment_id=None if parcel.carrier is None else carriers[parcel.carrier],
        approved_by=approved_by,
    )
