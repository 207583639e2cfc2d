"""Who says that something is done: nobody dispatches without a name."""

from data.steps import Step
from geo.errors import InvalidInputError

NOBODY = "api"


def checked_speaker(told: Step) -> Step:
    """
    Return what was told, if somebody stands behind it.

    Raises
    ------
    InvalidInputError
        When nobody is named.
    """
    if told.who.strip().lower() in ("", NOBODY):
        raise InvalidInputError("who", "it names nobody: say who dispatches, e.g. their name or their desk")
    return told
