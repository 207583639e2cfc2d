"""A site's units get the S, R and grade that a person finds with the printed standard and a pencil."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidInputError
from geo.grading import GbUnit, GbUnitGrade, Substance, grade_gb_unit, worst_grade


def stored(name: str, tonnes: float, hazard_class: str | None = None, cas: str | None = None) -> Substance:
    return Substance(name, cas, hazard_class, tonnes)


def graded(*substances: Substance, residents: int = 0) -> GbUnitGrade:
    return grade_gb_unit(GbUnit("tank farm", residents, substances))


CHLORINE_AND_AMMONIA = (stored("氯", 50), stored("氨", 40))


@pytest.mark.parametrize(
    ("residents", "alpha", "r", "grade"), [(100, 2.0, 96, 2), (30, 1.2, 57.6, 2), (0, 0.5, 24, 3)]
)
def test_fifty_tonnes_of_chlorine_and_forty_of_ammonia(
    residents: int, alpha: float, r: float, grade: int
) -> None:
    farm = graded(*CHLORINE_AND_AMMONIA, residents=residents)
    assert (farm.s, farm.alpha, farm.r, farm.grade) == (14, alpha, r, grade)


def test_each_substance_tells_its_threshold_and_beta_and_where_they_come_from() -> None:
    chlorine, ammonia = graded(*CHLORINE_AND_AMMONIA).substances
    assert (chlorine.q_t, chlorine.threshold_t, chlorine.beta, chlorine.q_over_q) == (50, 5, 4, 10)
    assert (chlorine.threshold_source, chlorine.beta_source) == ("table 1: 氯", "table 3: 氯")
    assert (ammonia.q_t, ammonia.threshold_t, ammonia.beta, ammonia.q_over_q) == (40, 10, 2, 4)


def test_phosgene_and_chlorine_make_a_major_hazard_that_neither_makes_alone() -> None:
    phosgene, chlorine = stored("光气", 0.2), stored("液氯", 4)
    both = graded(phosgene, chlorine)
    assert both.s == pytest.approx(1.467, abs=5e-4)
    assert both.grade == 4  # R = 0.5 * (20 * 2/3 + 4 * 0.8) = 8.27
    assert graded(phosgene).grade is None
    assert graded(chlorine).grade is None


@pytest.mark.parametrize(
    ("residents", "alpha"),
    [(0, 0.5), (1, 1.0), (29, 1.0), (30, 1.2), (49, 1.2), (50, 1.5), (99, 1.5), (100, 2.0), (9000, 2.0)],
)
def test_alpha_changes_with_the_first_resident_of_each_band(residents: int, alpha: float) -> None:
    assert graded(stored("氯", 5), residents=residents).alpha == alpha


@pytest.mark.parametrize(
    ("tonnes", "r", "grade"),
    [(12.5, 10, 3), (12.4, 9.92, 4), (62.5, 50, 2), (62.4, 49.92, 3), (125, 100, 1), (124.9, 99.92, 2)],
)
def test_a_boundary_of_r_belongs_to_the_worse_level(tonnes: float, r: float, grade: int) -> None:
    chlorine = graded(stored("氯", tonnes), residents=1)  # R = 4 q / 5
    assert (chlorine.r, chlorine.grade) == (r, grade)


def test_ten_small_cylinders_that_add_up_to_the_threshold_are_a_major_hazard() -> None:
    assert sum([0.1] * 10) < 1  # what binary fractions would say
    assert graded(*[stored("氯", 0.5)] * 10).s == 1
    assert graded(*[stored("氯", 0.5)] * 10).grade == 4
    assert graded(*[stored("氯", 0.5)] * 9, stored("氯", 0.499)).grade is None


def test_an_empty_unit_is_no_major_hazard() -> None:
    assert graded() == GbUnitGrade(s=0, r=0, alpha=0.5, grade=None, substances=())
    assert graded(stored("氯", 0)).grade is None


def test_hydrogen_and_lpg_keep_the_threshold_of_table_1_and_take_beta_from_their_class() -> None:
    hydrogen, lpg = graded(stored("氢", 10, "W2"), stored("液化石油气", 100, "W2")).substances
    assert (hydrogen.threshold_t, hydrogen.beta, hydrogen.beta_source) == (5, 1.5, "table 4: W2")
    assert (lpg.threshold_t, lpg.beta, lpg.beta_source) == (50, 1.5, "table 4: W2")
    assert hydrogen.threshold_source == "table 1: 氢"


def test_hydrogen_without_its_class_is_refused_and_not_given_a_beta_of_one() -> None:
    with pytest.raises(InvalidInputError, match="氢 is not in table 3, so its beta needs its hazard class"):
        graded(stored("氢", 10))


def test_a_class_does_not_override_table_3() -> None:
    (chlorine,) = graded(stored("氯", 5, "J1,W4")).substances
    assert (chlorine.beta, chlorine.beta_source) == (4, "table 3: 氯")


def test_a_substance_outside_table_1_lives_by_its_class() -> None:
    (paint,) = graded(stored("paint thinner", 2000, "W5.3")).substances
    assert (paint.threshold_t, paint.threshold_source) == (1000, "table 2: W5.3")
    assert (paint.beta, paint.beta_source) == (1, "table 4: W5.3")
    with pytest.raises(InvalidInputError, match="threshold needs its hazard class"):
        graded(stored("paint thinner", 2000))


def test_carbon_monoxide_has_a_beta_of_table_3_and_a_threshold_of_its_classes() -> None:
    (monoxide,) = graded(stored("一氧化碳", 20, "J3,W2")).substances
    assert (monoxide.threshold_t, monoxide.threshold_source) == (
        10,
        "table 2: W2, the lowest threshold of J3, W2",
    )
    assert (monoxide.beta, monoxide.beta_source) == (2, "table 3: 一氧化碳")
    with pytest.raises(InvalidInputError, match="threshold needs its hazard class"):
        graded(stored("一氧化碳", 20))


def test_of_several_hazards_the_lowest_threshold_and_the_largest_beta_hold() -> None:
    (gas,) = graded(stored("a flammable and toxic gas", 10, "w2、J3")).substances
    assert (gas.threshold_t, gas.threshold_source) == (10, "table 2: W2, the lowest threshold of W2, J3")
    assert (gas.beta, gas.beta_source) == (2, "table 4: J3, the largest beta of W2, J3")


@pytest.mark.parametrize(
    "name",
    ["2,4,6-三硝基甲苯", "2\uff0c4\uff0c6\u2011三硝基甲苯", "tnt", " T N T "],
)
def test_width_case_dashes_and_spaces_do_not_hide_a_name(name: str) -> None:
    (tnt,) = graded(stored(name, 5, "W1.1")).substances
    assert tnt.threshold_source == "table 1: 2,4,6-三硝基甲苯"


@pytest.mark.parametrize("name", ["chlorine", "Liquid chlorine", "Cl₂", "氯气", "a name of the house"])
def test_chlorine_is_found_by_english_name_alias_formula_or_cas(name: str) -> None:
    (chlorine,) = graded(stored(name, 5, cas="7782-50-5")).substances
    assert (chlorine.name, chlorine.threshold_t, chlorine.beta) == (name, 5, 4)


def test_a_shared_cas_is_refused_with_its_choices_unless_the_name_decides() -> None:
    with pytest.raises(InvalidInputError, match=r"any of 6 rows .*Q 1 t.*Q 10 t.*Q 50 t") as refusal:
        graded(stored("guncotton", 1, "W10", cas="9004-70-0"))
    assert refusal.value.field == "cas"
    (wet,) = graded(stored("硝化纤维素(含乙醇≥25%)", 10, "W10", cas="9004-70-0")).substances
    assert wet.threshold_t == 10


@pytest.mark.parametrize("name", ["硝化棉", "硝酸铵", "ammonium nitrate"])
def test_a_name_that_several_rows_share_is_refused_with_its_choices(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"may be any of \d rows of table 1; name the one") as refusal:
        graded(stored(name, 100, "W9.2"))
    assert refusal.value.field == "name"


def test_the_fertilizer_row_has_no_cas_so_its_name_decides() -> None:
    (fertilizer,) = graded(stored("硝酸铵肥料", 200, "W9.2", cas="6484-52-2")).substances
    assert fertilizer.threshold_t == 200


def test_a_cas_of_another_row_than_the_name_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="7664-41-7 is 氨") as refusal:
        graded(stored("氯", 5, cas="7664-41-7"))
    assert refusal.value.field == "cas"


@pytest.mark.parametrize("tonnes", [-1, -1e-9, math.nan, math.inf, -math.inf, 1e300])
def test_tonnes_that_are_no_amount_are_refused(tonnes: float) -> None:
    with pytest.raises(InvalidInputError, match="of 氯 is no amount") as refusal:
        stored("氯", tonnes)
    assert refusal.value.field == "design_max_t"


@pytest.mark.parametrize("residents", [-1, math.nan, math.inf])
def test_residents_that_are_no_number_of_people_are_refused(residents: int) -> None:
    with pytest.raises(InvalidInputError, match="no number of people") as refusal:
        graded(stored("氯", 5), residents=residents)
    assert refusal.value.field == "residents_500m"


@pytest.mark.parametrize("symbols", ["", "W5", "W2,", "W2 J3", "J9", "flammable"])
def test_an_unknown_class_symbol_is_refused_even_where_no_class_is_needed(symbols: str) -> None:
    with pytest.raises(InvalidInputError, match="symbols of table 2") as refusal:
        stored("氯", 5, symbols)
    assert refusal.value.field == "hazard_class"


@pytest.mark.parametrize(("cas", "reason"), [("", "not a CAS number"), ("7782-50-6", "check digit")])
def test_a_mistyped_cas_is_refused(cas: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason) as refusal:
        stored("a name of the house", 5, "J1", cas)
    assert refusal.value.field == "cas"


def test_a_substance_and_a_unit_have_names() -> None:
    with pytest.raises(InvalidInputError, match="name: a substance has no name"):
        stored(" ", 5)
    with pytest.raises(InvalidInputError, match="name: a unit has no name"):
        GbUnit("", 0, ())


def test_a_source_carries_the_worst_grade_of_its_units() -> None:
    none, fourth = graded(stored("氯", 1)), graded(stored("氯", 5))
    second = graded(*CHLORINE_AND_AMMONIA, residents=100)
    assert worst_grade([none, fourth, second]) == 2
    assert worst_grade([none]) is None
    assert worst_grade([]) is None


@given(st.lists(st.floats(0, 1e6), max_size=6), st.floats(0, 1e6), st.integers(0, 300), st.integers(0, 300))
def test_more_chlorine_or_more_residents_never_mend_a_grade(
    tanks_t: list[float], more_t: float, residents: int, newcomers: int
) -> None:
    tanks = [stored("氯", tonnes) for tonnes in tanks_t]
    before = graded(*tanks, residents=residents)
    after = graded(*tanks, stored("氯", more_t), residents=residents + newcomers)
    assert after.s >= before.s
    assert after.r >= before.r
    assert worst_grade([before, after]) == after.grade
