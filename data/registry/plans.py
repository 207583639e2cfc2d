"""What a response plan must say before it may be written."""

from string import Formatter
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from shapely import Polygon

from data.measures import check_unit, factor
from data.registry.conditions import read_shape
from data.registry.rows import Checked, Grade, Line, Name, NewRow, Positive, Prose, Quantity, Severity
from geo.places import Place

PLACEHOLDERS = ("kind", "severity", "place", "substance", "arrival")
"""What an order text may leave open, filled in the manner of ``str.format``."""

Substance = Annotated[Name, StringConstraints(to_lower=True)]
Area = Annotated[
    Polygon,
    BeforeValidator(read_shape),
    WithJsonSchema(
        {
            "type": "object",
            "description": "GeoJSON polygon in WGS84, longitude first",
            "properties": {"type": {"const": "Polygon"}, "coordinates": {"type": "array", "items": {}}},
            "required": ["type", "coordinates"],
        }
    ),
]


class NewNeed(Checked):
    """
    How much of a capability is needed, and when it is due after the order.

    With a level, only crews of that level or above count; of a capability of which the best counts, the
    quantity is then the number of such crews, and without a level it is the level of one.
    """

    capability: Name
    quantity: Positive
    level: Quantity = 0.0
    deadline_s: Positive | None = None
    weight: Positive = 1.0


class NewSupply(Checked):
    """How much of an item is needed, and when it is due after the order."""

    item: Name
    quantity: Positive
    unit_of_measure: str
    deadline_s: Positive | None = None

    @field_validator("unit_of_measure")
    @classmethod
    def _known(cls, unit: str) -> str:
        check_unit(unit)
        return unit


class NewContact(Checked):
    """Somebody to call, within an area if one is given."""

    role: Name
    name: Name
    phone: Line = ""
    area: Area | None = None

    @field_validator("area")
    @classmethod
    def _valid_and_on_earth(cls, area: Polygon | None) -> Polygon | None:
        if area is None:
            return None
        if area.is_empty or not area.is_valid:
            raise ValueError(f"a valid polygon is needed, this is {area.wkt[:60]}")
        west, south, east, north = area.bounds
        Place(west, south), Place(east, north)
        return area


class NewPlan(NewRow):
    """
    A response plan for a kind of incident; without a severity, a grade or a substance it is for every one.

    ``order_text`` may hold the placeholders ``{kind}``, ``{severity}``, ``{place}``, ``{substance}`` and
    ``{arrival}``. ``standards`` are codes of standards to meet.
    """

    name: Name
    incident_kind: Name
    severity: Severity | None = None
    grade: Grade | None = None
    substance: Substance | None = None
    lead_department: Name
    order_text: Annotated[Prose, StringConstraints(min_length=1)]
    action_card: Prose = ""
    needs: Annotated[tuple[NewNeed, ...], Field(min_length=1)]
    supplies: tuple[NewSupply, ...] = ()
    contacts: tuple[NewContact, ...] = ()
    standards: tuple[Name, ...] = ()

    @field_validator("order_text")
    @classmethod
    def _leaves_open_what_can_be_filled(cls, order_text: str) -> str:
        for _, open_part, form, conversion in Formatter().parse(order_text):
            if open_part is not None and (open_part not in PLACEHOLDERS or form or conversion):
                allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                raise ValueError(f"{{{open_part}}} cannot be filled in; use {allowed}")
        return order_text

    @model_validator(mode="after")
    def _wants_everything_once(self) -> Self:
        self._refuse_needs_said_twice()
        self._refuse_supplies_said_twice()
        for code in self.standards:
            if self.standards.count(code) > 1:
                raise ValueError(f"standards of plan {self.name!r}: {code!r} is named twice")
        return self

    def _refuse_needs_said_twice(self) -> None:
        wanted: set[tuple[str, float]] = set()
        for need in self.needs:
            if (need.capability, need.level) in wanted:
                raise ValueError(
                    f"needs of plan {self.name!r}: {need.capability!r} is wanted twice at one level"
                )
            wanted.add((need.capability, need.level))

    def _refuse_supplies_said_twice(self) -> None:
        units: dict[str, str] = {}
        for supply in self.supplies:
            first, unit = units.setdefault(supply.item, supply.unit_of_measure), supply.unit_of_measure
            if factor(first, unit) is None:
                raise ValueError(
                    f"supplies of plan {self.name!r}: {supply.item!r} is counted in {first} and in {unit}, "
                    "which cannot be compared"
                )
        if len(units) < len(self.supplies):
            raise ValueError(f"supplies of plan {self.name!r}: an item is wanted twice: add it up")
