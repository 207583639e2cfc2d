"""The shipped tables of GB 18218-2018 say what the reference copy beside the repository says."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.grading.spelling import checked_cas, plain
from geo.grading.tables import (
    ListedSubstance,
    alpha_bands,
    hazard_classes,
    level_bands,
    listed_substances,
)

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "chemistry"

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(),
    reason="the reference tables (../shared/data/chemistry) are not beside the repository",
)


def reference(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader((REFERENCE / name).read_text(encoding="utf-8").splitlines())


def table_1() -> list[ListedSubstance]:
    return [entry for entry in listed_substances() if entry.threshold_t is not None]


@needs_reference
def test_every_row_of_table_1_has_the_reference_name_aliases_cas_and_threshold() -> None:
    rows = list(reference("gb18218_2018_table1.csv"))
    assert len(rows) == len(table_1()) == 85
    for row, entry in zip(rows, table_1(), strict=True):
        aliases = {plain(alias) for alias in re.split("[\uff1b、]", row["alias"]) if alias}
        assert plain(entry.name_zh) == plain(row["name"])
        assert aliases <= {plain(name) for name in entry.other_names}
        assert list(entry.cas) == re.findall(r"\d+-\d\d-\d", row["cas"])
        assert entry.threshold_t == float(row["threshold_t"])


@needs_reference
def test_every_beta_of_table_3_is_the_reference_beta_and_no_other_substance_has_one() -> None:
    expected = {row["name"]: float(row["beta"]) for row in reference("gb18218_2018_table3_beta.csv")}
    listed = {
        re.split("[\uff08]", entry.name_zh)[0]: entry.beta for entry in listed_substances() if entry.beta
    }
    assert listed == expected


@needs_reference
def test_every_class_of_tables_2_and_4_has_the_reference_wording_threshold_and_beta() -> None:
    expected = [
        (row["symbol"], row["category"], plain(row["description"]), row["threshold_t"], row["beta"])
        for row in reference("gb18218_2018_table2_table4.csv")
    ]
    assert expected == [
        (each.symbol, each.hazard_zh, plain(each.category_zh), f"{each.threshold_t:g}", f"{each.beta:g}")
        for each in hazard_classes()
    ]


@needs_reference
def test_the_bands_of_alpha_and_level_are_the_reference_bands() -> None:
    bands = json.loads((REFERENCE / "gb18218_2018_table5_6.json").read_text(encoding="utf-8"))
    assert [(band["min"], band["alpha"]) for band in bands["alpha"]] == [
        (band.residents_from, band.alpha) for band in alpha_bands()
    ]
    assert [(band.get("r_min", 0), band["level"]) for band in bands["levels"]] == [
        (band.r_from, band.level) for band in level_bands()
    ]


def test_every_cas_number_passes_its_check_digit() -> None:
    numbers = [cas for entry in listed_substances() for cas in entry.cas]
    assert len(numbers) == 86  # 82 rows of table 1 have one, two of them 2 and 3, and carbon monoxide
    assert [checked_cas(cas) for cas in numbers] == numbers


def test_every_entry_has_a_chinese_and_an_english_name_of_its_own() -> None:
    entries = listed_substances()
    assert len({plain(entry.name_zh) for entry in entries}) == len(entries) == 86
    assert len({plain(entry.name_en) for entry in entries}) == len(entries)


def test_only_nitrocellulose_and_ammonium_nitrate_share_a_name_among_rows() -> None:
    names = [plain(name) for entry in listed_substances() for name in dict.fromkeys(entry.names)]
    shared = {name for name in names if names.count(name) > 1}
    assert shared == {
        plain(name) for name in ("硝化棉", "硝化纤维素", "nitrocellulose", "硝酸铵", "ammonium nitrate")
    }
