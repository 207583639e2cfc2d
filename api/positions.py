"""The door that positions of units come in by: none from the future, and the newest by its own time stays."""

from datetime import UTC, datetime

from api.dispatching import Centre
from data.database import transaction
from data.positions import place_unit
from geo.errors import InvalidInputError
from geo.places import Place


def take_position(unit_id: int, place: Place, at: datetime, centre: Centre) -> bool:
    """
    Take a position of a unit; whether it is now the newest.

    Raises
    ------
    InvalidInputError
        When it is dated further in the future than clocks differ; the last good position stays.
    """
    ahead_s = (at - datetime.now(UTC)).total_seconds()
    if ahead_s > centre.settings.clock_tolerance_s:
        raise InvalidInputError("at", f"it is {ahead_s:.0f} s in the future; the last good position stays")
    centre.roads.refuse_swapped(place)
    with transaction(centre.sessions) as session:
        return place_unit(session, unit_id, place, at)
