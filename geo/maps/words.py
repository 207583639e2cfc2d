"""Words on the maps: Chinese and English side by side, and times that can be read at arm's length."""

import math
from dataclasses import dataclass
from html import escape

UNKNOWN_TIME = "—"
MINUTE_S = 60
HOUR_S = 3600


@dataclass(frozen=True)
class Word:
    """A label in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}".strip()

    def __html__(self) -> str:
        return f'<span lang="zh">{escape(self.zh)}</span> {escape(self.en)}'


def clock(seconds: float | None) -> str:
    """Return a duration as ``mm:ss``, from an hour on ``h:mm:ss``, and a dash where there is none."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN_TIME
    whole_s = round(seconds)
    minutes, rest_s = divmod(whole_s, MINUTE_S)
    if whole_s < HOUR_S:
        return f"{minutes:02d}:{rest_s:02d}"
    return f"{minutes // MINUTE_S}:{minutes % MINUTE_S:02d}:{rest_s:02d}"
