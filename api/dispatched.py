"""What a dispatcher confirms, and what comes of it."""

from dataclasses import dataclass

from api.assigned import AssignmentTold
from api.claiming import Parcel
from data.dispatches import Holder, UnitCard
from data.steps import Step


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

    @property
    def falls_short(self) -> bool:
        """Whether anything that was wanted could not be had."""
        return bool(self.taken or self.short)
