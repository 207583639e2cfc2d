"""What a source lacks, and what comes late there, in words."""

from collections.abc import Iterator

from api.survey.answer import CapabilitySaid, SourceSaid, SupplySaid
from geo.maps.words import clock
from routing.needs import AddsUp


def gaps_of(source: SourceSaid) -> Iterator[str]:
    """Yield what a source lacks, in words."""
    if source.why_none is not None:
        yield source.why_none
    for capability in source.capabilities:
        if capability.missing:
            yield _capability_gap(capability)
    for supply in source.supplies:
        if supply.missing:
            yield _supply_gap(supply)


def late_of(source: SourceSaid) -> Iterator[str]:
    """Yield what there is enough of, but later than due, in words."""
    for capability in source.capabilities:
        if capability.late:
            yield f"{capability.label} at {clock(capability.complete_s)}, due {clock(capability.due_s)}"
    for supply in source.supplies:
        if supply.late:
            yield f"{supply.item} at {clock(supply.complete_s)}, due {clock(supply.due_s)}"


def _capability_gap(one: CapabilitySaid) -> str:
    if one.adds_up == AddsUp.MAXIMUM and one.level is None:
        best = f"the best is {one.available:g}" if one.available < one.needed else "its crews are elsewhere"
        return f"{one.label} ≥ {one.needed:g}: {best}"
    elsewhere = " (crews fill other roles)" if one.available >= one.needed else ""
    return f"{one.label} {one.missing:g} of {one.needed:g}{elsewhere}"


def _supply_gap(one: SupplySaid) -> str:
    unit = one.unit_of_measure
    made = f"; {one.producible:g} can be made from {clock(one.produced_from_s)}" if one.producible else ""
    return f"{one.item} {one.missing:g} of {one.needed:g} {unit}{made}"
