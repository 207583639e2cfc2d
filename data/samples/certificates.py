"""Made-up certificates of crews, a few of them expired."""

from collections.abc import Sequence
from datetime import date, timedelta

from data.registry import NewUnit, Share
from data.samples.chance import Chance

CERTIFIED = ("hazmat", "medical", "mine-rescue")
EXPIRED = 6
DAYS_LEFT, DAYS_EXPIRED = (30, 900), (5, 200)


def certified(units: Sequence[NewUnit], today: date, chance: Chance) -> tuple[NewUnit, ...]:
    """Return the units with a last day for everything they do that needs a certificate."""
    needed = [(i, code) for i, unit in enumerate(units) for code in CERTIFIED if code in unit.capabilities]
    expired = set(chance.order(len(needed))[:EXPIRED])
    last_day = {
        need: today + _days(-chance.whole(*DAYS_EXPIRED) if n in expired else chance.whole(*DAYS_LEFT))
        for n, need in enumerate(needed)
    }
    return tuple(
        unit.model_copy(
            update={
                "capabilities": {
                    code: _until(share, last_day.get((i, code))) for code, share in unit.capabilities.items()
                }
            }
        )
        for i, unit in enumerate(units)
    )


def _days(days: int) -> timedelta:
    return timedelta(days=days)


def _until(share: Share, last_day: date | None) -> Share:
    return share.model_copy(update={"valid_until": last_day})
