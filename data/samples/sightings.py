"""Where made-up units were last seen, away from their bases, with every way a position can be doubtful."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.samples.chance import Chance
from data.samples.ground import Ground
from geo.places import Place

AHEAD = timedelta(hours=1)
STALE_SIGHTINGS = 4
FRESH_S = (10, 300)
STALE_S = (35 * 60, 240 * 60)
ROAMING_M = 4000.0


@dataclass(frozen=True)
class Sighting:
    """A position and the time it was reported."""

    place: Place
    at: datetime


def make_sightings(
    home_nodes: Sequence[int], ground: Ground, now: datetime, chance: Chance
) -> Iterator[Sighting]:
    """
    Yield one sighting for each unit, given the node of its base.

    The first is far off any road, the second dated ahead of ``now``, the next four stale, the rest fresh.
    """
    ages = (
        _seconds(chance, FRESH_S),
        -AHEAD,
        *(_seconds(chance, STALE_S) for _ in range(STALE_SIGHTINGS)),
        *(_seconds(chance, FRESH_S) for _ in home_nodes),
    )
    for number, (home, age) in enumerate(zip(home_nodes, ages, strict=False)):
        around = ground.beside(ground.near(home, ROAMING_M, chance), chance)
        yield Sighting(ground.off_road() if number == 0 else around, now - age)


def _seconds(chance: Chance, between: tuple[int, int]) -> timedelta:
    return timedelta(seconds=chance.whole(*between))
