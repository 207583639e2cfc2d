"""Relief: when the crew of a unit that is out is due to be relieved."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Relief:
    """
    The relief of a crew.

    Attributes
    ----------
    since, due_at : datetime
        When it began to work, and when it is to be relieved.
    hours : float
        How long it has worked.
    due : bool
        Whether that is long enough.
    """

    since: datetime
    due_at: datetime
    hours: float
    due: bool


def relief_due(since: datetime | None, now: datetime, relief_after_s: float) -> Relief | None:
    """Return the relief of a crew that works since some time; None where nobody told since when."""
    if since is None:
        return None
    due_at = since + timedelta(seconds=relief_after_s)
    return Relief(since, due_at, (now - since) / timedelta(hours=1), now >= due_at)
