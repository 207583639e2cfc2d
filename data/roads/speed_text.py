"""Speed limits as people write them."""

import csv
import math
import re
from functools import cache
from importlib.resources import files

KMH_PER_MPH = 1.609344
WALK_KMH = 7.0
FASTEST_KMH = 200.0
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?", re.IGNORECASE)
ZONE_30 = re.compile(r"[A-Z]{2}:zone:?(\d+)")


@cache
def kmh_of(text: str) -> float:
    """
    Return a speed limit in km/h, ``nan`` where there is none or it cannot be read.

    Understood are ``50``, ``50 km/h``, ``30 mph``, ``walk`` (7 km/h), zones such as ``DE:zone30``, and the
    limits that a country sets by kind of road, such as ``DE:urban`` or ``FR:rural`` (``zone_speeds.csv``,
    after OpenStreetMap's list of implicit limits). ``none``, ``signals``, lists of limits, zero, anything
    negative and anything above 200 km/h count as unreadable: the road's class then gives its speed.
    """
    text = text.strip()
    if text == "walk":
        return WALK_KMH
    if text in _zone_speeds_kmh():
        return _zone_speeds_kmh()[text]
    zone = ZONE_30.fullmatch(text)
    number = NUMBER.fullmatch(zone.group(1) if zone else text)
    if number is None:
        return math.nan
    kmh = float(number.group(1)) * (KMH_PER_MPH if (number.group(2) or "").lower() == "mph" else 1.0)
    return kmh if 0 < kmh <= FASTEST_KMH else math.nan


@cache
def _zone_speeds_kmh() -> dict[str, float]:
    with files("data.roads").joinpath("zone_speeds.csv").open(encoding="utf-8") as table:
        return {row["zone"]: float(row["kmh"]) for row in csv.DictReader(table)}
