"""Classes, kinds, percentiles and months: the small sums behind the clauses."""

from datetime import date

import pytest

from api.clauses.enterprise_class import kinds_filled, possible_classes
from api.clauses.findings import whole_seconds
from api.clauses.nfpa import at_percentile, enough
from api.clauses.numbers import months_since, told, told_in_chinese
from data.vocabulary import shipped_rows
from data.vocabulary.clauses import shipped_clauses

FIRE, GAS, HAZMAT = frozenset({"foam"}), frozenset({"detection"}), frozenset({"decontamination"})


@pytest.mark.parametrize(
    ("headcount", "revenue_yuan", "classes"),
    [
        (299, 1e9, (2, 3, 3, 3)),
        (5000, 19e6, (2, 3, 3, 3)),
        (300, 1e9, (2, 2, 2, 3)),
        (999, 20e6, (2, 2, 2, 3)),
        (1000, 400e6, (1, 2, 2, 2)),
    ],
)
def test_the_lower_of_headcount_and_revenue_decides_the_class(
    headcount: int, revenue_yuan: float, classes: tuple[int, ...]
) -> None:
    found = [possible_classes(headcount, revenue_yuan, level) for level in (1, 2, 3, 4)]
    assert found == [frozenset([own]) for own in classes]


def test_without_a_size_a_class_is_only_known_where_every_size_has_the_same() -> None:
    assert possible_classes(None, None, 1) == {1, 2}
    assert possible_classes(None, 400e6, 4) == {2, 3}
    assert possible_classes(299, None, 1) == {2}


@pytest.mark.parametrize(
    ("vehicles", "kinds"),
    [
        ([], 0),
        ([FIRE], 1),
        ([FIRE | GAS | HAZMAT], 1),
        ([FIRE, GAS, GAS], 2),
        ([FIRE | GAS, GAS, HAZMAT | GAS], 3),
        ([FIRE | GAS, FIRE, HAZMAT], 3),
        ([frozenset()], 0),
    ],
)
def test_a_vehicle_counts_for_one_kind_only(vehicles: list[frozenset[str]], kinds: int) -> None:
    assert kinds_filled(vehicles) == kinds


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2026, 3, 15), 0),
        (date(2026, 3, 14), 1),
        (date(2025, 9, 15), 6),
        (date(2025, 9, 14), 7),
        (date(2025, 12, 31), 3),
    ],
)
def test_a_begun_month_counts_whole(day: date, months: int) -> None:
    assert months_since(day, date(2026, 3, 15)) == months


def test_a_begun_second_counts_whole_but_not_a_rounding_error() -> None:
    assert (whole_seconds(300.0), whole_seconds(300.001), whole_seconds(300.0000001)) == (300, 301, 300)
    assert whole_seconds(float("inf")) == float("inf")


@pytest.mark.parametrize(("percentile", "cases"), [(90, 10), (80, 5), (95, 20), (100, 1)])
def test_a_percentile_needs_so_many_cases_that_one_may_be_late(percentile: float, cases: int) -> None:
    assert enough(percentile) == cases


def test_the_time_that_nine_of_ten_keep_is_the_ninth() -> None:
    assert at_percentile([float(s) for s in range(10, 0, -1)], 90) == 9
    assert at_percentile([1.0, 2.0, 3.0, 4.0, float("inf")], 80) == 4


def test_numbers_are_told_with_their_units_in_both_languages() -> None:
    assert (told(327, "s"), told_in_chinese(327, "s")) == ("5:27 min", "5:27 分")
    assert (told(13, "months"), told_in_chinese(13, "months")) == ("13 months", "13 个月")
    assert (told(1500, "people/km²"), told(None, "m"), told(0.1234567, "S")) == (
        "1,500 people/km²",
        "—",
        "0.1235 S",
    )


def test_every_standard_is_a_clause_and_says_the_same() -> None:
    clauses = {clause.code: clause for clause in shipped_clauses()}
    for row in shipped_rows("standards.csv"):
        clause = clauses[row["code"]]
        assert (clause.threshold, clause.strength, clause.clock_start) == (
            float(row["seconds"]),
            row["strength"],
            row["clock_start"],
        )
        assert clause.confirmed == (
            "not confirmed" not in row["source"] and "no printed" not in row["source"]
        )


def test_each_clause_is_named_once_in_both_languages_with_a_source_and_a_remedy() -> None:
    clauses = shipped_clauses()
    assert len({clause.code for clause in clauses}) == len(clauses)
    for clause in clauses:
        assert all((clause.name_en, clause.name_zh, clause.source, clause.missing_en, clause.missing_zh))
        assert (clause.bound is None) == (clause.threshold is None or clause.code.startswith("gb18218-i"))
