"""Say what a reader of an answer should know of what it rests on."""

import numpy as np

from api.picture import Picture


def say_notes(picture: Picture) -> list[str]:
    """Say what the roads assume, and which stock is left out for its unit of measure."""
    stored = picture.situation.roads.stored
    return [*stored.assumptions, *stored.warnings, *_left_out(picture)]


def _left_out(picture: Picture) -> list[str]:
    stock, notes = picture.stock, []
    for i, supply in enumerate(picture.needs.supplies):
        other = (stock.item == i) & np.isnan(stock.quantity)
        if other.any():
            counted = ", ".join(sorted(set(stock.unit_of_measure[other])))
            notes.append(
                f"{supply.item} is wanted in {supply.unit_of_measure}: what depots count in {counted} "
                "cannot be compared with that and is left out"
            )
    return notes
