"""The tables of GB 18218-2018, as they are shipped beside this module."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ListedSubstance:
    """
    A substance that the standard names, in table 1, table 3 or both.

    ``threshold_t`` is None outside table 1 (carbon monoxide), ``beta`` is None outside table 3. Names of one
    substance are not unique: all nitrocellulose rows share an alias. Nor is a CAS number.
    """

    name_zh: str
    name_en: str
    other_names: tuple[str, ...]
    cas: tuple[str, ...]
    threshold_t: float | None
    beta: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and alias, Chinese and English."""
        return (self.name_zh, self.name_en, *self.other_names)


@dataclass(frozen=True)
class HazardClass:
    """A class of tables 2 and 4, such as W2 for flammable gases: its threshold and its beta."""

    symbol: str
    hazard_zh: str
    hazard_en: str
    category_zh: str
    category_en: str
    threshold_t: float
    beta: float


@dataclass(frozen=True)
class AlphaBand:
    """The alpha that holds from a number of residents upwards."""

    residents_from: int
    alpha: float


@dataclass(frozen=True)
class LevelBand:
    """The level that holds from a value of R upwards."""

    r_from: float
    level: int


@cache
def listed_substances() -> tuple[ListedSubstance, ...]:
    """Return the rows of table 1, each with its beta where table 3 has one, then what only table 3 names."""
    table_3 = tuple(_rows("table3.csv"))
    beta_by_row = {row["table1_row"]: float(row["beta"]) for row in table_3 if row["table1_row"]}
    table_1 = (
        replace(_listed(row), threshold_t=float(row["threshold_t"]), beta=beta_by_row.get(row["row"]))
        for row in _rows("table1.csv")
    )
    only_table_3 = (
        replace(_listed(row), beta=float(row["beta"])) for row in table_3 if not row["table1_row"]
    )
    return (*table_1, *only_table_3)


@cache
def hazard_classes() -> tuple[HazardClass, ...]:
    """Return the classes of tables 2 and 4."""
    return tuple(
        HazardClass(
            symbol=row["symbol"],
            hazard_zh=row["hazard_zh"],
            hazard_en=row["hazard_en"],
            category_zh=row["category_zh"],
            category_en=row["category_en"],
            threshold_t=float(row["threshold_t"]),
            beta=float(row["beta"]),
        )
        for row in _rows("table2_table4.csv")
    )


@cache
def alpha_bands() -> tuple[AlphaBand, ...]:
    """Return the bands of alpha, the most residents first."""
    return tuple(AlphaBand(int(row["residents_from"]), float(row["alpha"])) for row in _rows("alpha.csv"))


@cache
def level_bands() -> tuple[LevelBand, ...]:
    """Return the bands of the level, the worst first."""
    return tuple(LevelBand(float(row["r_from"]), int(row["level"])) for row in _rows("levels.csv"))


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    text = files("geo.grading").joinpath(file_name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _listed(row: dict[str, str]) -> ListedSubstance:
    return ListedSubstance(
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        other_names=(*_several(row.get("aliases_zh", "")), *_several(row["also_called"])),
        cas=_several(row["cas"]),
        threshold_t=None,
        beta=None,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()
