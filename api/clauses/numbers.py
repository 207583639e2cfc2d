"""Numbers of clauses as people read them, and months between days."""

import math
from datetime import date

SECONDS_A_MINUTE = 60
MONTHS_A_YEAR = 12
NEVER = "—"
WHOLE_FROM = 1000
IN_CHINESE = {
    "min": "分",
    "months": "个月",
    "days": "天",
    "vehicles": "辆",
    "kinds": "种",
    "sets": "套",
    "pieces": "件",
    "capabilities": "项能力",
    "substances": "种物质",
    "people a spare": "人一件备用",
    "people/km²": "人/km²",
}


def told(value: float | None, unit: str) -> str:
    """Return a number with its unit: ``4:05 min`` for seconds, a dash for what never comes."""
    if value is None or not math.isfinite(value):
        return NEVER
    if unit == "s":
        minutes, rest = divmod(round(value), SECONDS_A_MINUTE)
        return f"{minutes}:{rest:02d} min"
    return f"{value:,.4g} {unit}".rstrip() if abs(value) < WHOLE_FROM else f"{value:,.0f} {unit}".rstrip()


def months_since(day: date, today: date) -> int:
    """Return how many months ago a day was; a begun month counts whole."""
    months = (today.year - day.year) * MONTHS_A_YEAR + today.month - day.month
    return months + (today.day > day.day)


def told_in_chinese(value: float | None, unit: str) -> str:
    """Return a number with its unit in Chinese."""
    number, _, word = told(value, unit).partition(" ")
    return f"{number} {IN_CHINESE.get(word, word)}".rstrip()
