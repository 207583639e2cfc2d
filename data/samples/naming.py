"""Names for what is made up: a district of Wuhan and a number, people and phones that are nobody's."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from data.samples.chance import Chance
from geo.places import Place, geodesic_m

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
NOBODYS_EXCHANGE = "027-0000"


@dataclass(frozen=True)
class District:
    """A district of Wuhan and about where its middle is."""

    name_zh: str
    middle: Place


@cache
def districts() -> tuple[District, ...]:
    """Return the districts whose names are used."""
    with (files("data.samples") / "districts.csv").open(encoding="utf-8") as lines:
        return tuple(
            District(row["name_zh"], Place(float(row["lon"]), float(row["lat"])))
            for row in csv.DictReader(lines)
        )


def district_of(place: Place) -> str:
    """Return the name of the district whose middle is nearest."""
    lon, lat = np.array([(district.middle.lon, district.middle.lat) for district in districts()]).T
    here = np.ones(len(districts()))
    nearest = int(geodesic_m(lon, lat, here * place.lon, here * place.lat).argmin())
    return districts()[nearest].name_zh


class Names:
    """Numbers things of one sort through the city, so that no name is used twice."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def next(self, what: str, place: Place) -> str:
        """Return e.g. ``江汉消防救援站 07`` for the seventh fire station."""
        self._used[what] += 1
        return f"{district_of(place)}{what} {self._used[what]:02d}"


def contact(chance: Chance, title: str) -> str:
    """Return a surname with a title."""
    return chance.pick(SURNAMES) + title


def phone(chance: Chance) -> str:
    """Return a number that cannot be dialled: no exchange in Wuhan begins with 0."""
    return f"{NOBODYS_EXCHANGE}-{chance.whole(0, 9999):04d}"
