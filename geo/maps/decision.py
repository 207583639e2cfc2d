"""What was decided for an incident, as its map tells it: plan, who goes, supplies, proof, lost cover."""

from dataclasses import dataclass
from typing import Literal

from geo.maps.words import Word
from geo.places import Place

How = Literal["order", "request"]


@dataclass(frozen=True)
class Contact:
    """Somebody to call; ``phone`` is shown as it is written."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True)
class PlanCard:
    """
    The response plan that was followed.

    Attributes
    ----------
    name, lead_department : str
        Which plan, and who leads.
    order_text : str
        What the units are told; line breaks are kept.
    action_card : str
        The card to act by (应急处置卡), plain text of several lines.
    contacts : tuple of Contact
        Whom to call, the first first.
    """

    name: str
    lead_department: str
    order_text: str
    action_card: str
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Request:
    """
    What it takes to get a unit that is not ours; an empty text is not shown.

    Attributes
    ----------
    authority : str
        Whose unit it is.
    approver, phone : str
        The office that approves, and its number.
    agreement, cost : str
        Under which agreement, and what it costs.
    """

    authority: str
    approver: str = ""
    phone: str = ""
    agreement: str = ""
    cost: str = ""


@dataclass(frozen=True)
class SentLine:
    """
    One unit that goes.

    Attributes
    ----------
    id : int or str
        The unit's ``id`` in the frame of units: a click on the line shows that mark.
    name, team, call_sign : str
        Who goes; an empty call sign is not shown.
    roles : str
        What the unit's crew does there, e.g. ``危化品处置 2 · 救援 4``.
    arrival_s, arrival_p90_s : float
        Seconds after the call by which it arrives one time in two, and nine times in ten.
    request : Request or None
        None for a unit that is ordered; otherwise of whom it is requested.
    """

    id: int | str
    name: str
    team: str
    call_sign: str
    roles: str
    arrival_s: float
    arrival_p90_s: float
    request: Request | None = None

    @property
    def how(self) -> How:
        """Whether the unit is ordered or requested."""
        return "order" if self.request is None else "request"


@dataclass(frozen=True)
class SupplyLine:
    """
    What one depot gives, by one way.

    Attributes
    ----------
    id : int or str
        The depot's ``id`` in the frame of depots.
    depot, items : str
        Its name, and what it gives, e.g. ``吸附材料 sorbent 500 kg``.
    picked_up_by : str or None
        The unit that loads it on its way; None when the depot's own vehicle delivers.
    arrival_s : float
        Seconds after the call at which it is at the incident.
    """

    id: int | str
    depot: str
    items: str
    picked_up_by: str | None
    arrival_s: float


@dataclass(frozen=True)
class Verdict:
    """
    How sure the choice is.

    Attributes
    ----------
    proved : bool
        Whether no better choice exists; otherwise it is the best that was found in the time allowed.
    lines : tuple of Word
        What a person should weigh: near-equal choices, what is short, which tier was called in.
    """

    proved: bool
    lines: tuple[Word, ...] = ()


@dataclass(frozen=True)
class UncoveredLine:
    """
    One hazard source that loses its standard of cover.

    Attributes
    ----------
    id : int or str
        The source's ``id`` in the frame of hazard sources.
    name : str
        Its name.
    grade : int or None
        1 the gravest to 4; None ungraded.
    standard : str
        What it loses, e.g. ``一级 8 分钟 grade 1 within 8 min``.
    before_s, after_s : float
        When the first capable unit would be there, before these units go and after; ``inf`` for never.
    """

    id: int | str
    name: str
    grade: int | None
    standard: str
    before_s: float
    after_s: float


@dataclass(frozen=True)
class MoveUpLine:
    """
    The move that repairs most of the lost cover.

    Attributes
    ----------
    unit, base : str
        Who moves, and to which vacated base.
    drive_s : float
        How long the move takes.
    start, end : Place
        From where, and where to.
    regains : str
        What comes back by it.
    """

    unit: str
    base: str
    drive_s: float
    start: Place
    end: Place
    regains: str
