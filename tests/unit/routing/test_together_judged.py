"""Random small towns, judged: who goes together is the best of all ways to fill all roles."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.together import ChoiceRules, Together, choose_together
from tests.unit.routing.offers import Offer, Want, demand_of, in_columns
from tests.unit.routing.plain_together import met_times, plainly_together

ROOT = Path(__file__).parents[3]
TIMES_S = (60.0, 90.0, 90.0, 120.0, 130.0, 300.0, 301.5)


@st.composite
def offers(draw: st.DrawFn, id_: int, wants: tuple[Want, ...]) -> Offer:
    """Draw a unit; persons who can be divided tie up one of the crew each."""
    share = [draw(st.sampled_from((0, 0, 1, 2))) for _ in wants]
    crew_for = [
        float(s) if want.divisible else draw(st.sampled_from((0.0, 1.0, 2.0, 3.0))) * (s > 0)
        for s, want in zip(share, wants, strict=True)
    ]
    return Offer(
        id=id_,
        arrival_s=draw(st.sampled_from(TIMES_S)),
        share=tuple(float(s) for s in share),
        crew=draw(st.sampled_from((1.0, 2.0, 3.0))),
        crew_for=tuple(crew_for),
        tier=draw(st.integers(1, 3)),
        always=draw(st.sampled_from((False, False, False, False, True))),
        group=draw(st.sampled_from((-1, -1, 0))),
    )


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Offer], list[Want], list[int]]:
    wants = draw(
        st.lists(
            st.builds(
                Want,
                needed=st.sampled_from((1.0, 1.0, 2.0, 3.0, 4.0)),
                deadline_s=st.sampled_from((90.0, 120.0, float("inf"))),
                weight=st.sampled_from((0.5, 1.0, 1.0, 3.0)),
                divisible=st.booleans(),
            ),
            min_size=1,
            max_size=3,
        )
    )
    rows = [draw(offers(i + 1, tuple(wants))) for i in range(draw(st.integers(1, 6)))]
    at_least = sum(row.always for row in rows if row.group == 0)
    return rows, wants, [at_least + draw(st.integers(0, 2))]


def chosen(rows: list[Offer], wants: list[Want], limit: list[int], tolerance_s: float) -> Together:
    offered = in_columns(rows, wants, limit)
    return choose_together(offered, demand_of(wants), ChoiceRules(tolerance_s, time_limit_s=60.0))


@settings(max_examples=300, deadline=None)
@given(towns(), st.sampled_from((0.0, 30.0, 60.0)))
def test_every_level_is_the_best_of_all_ways(
    town: tuple[list[Offer], list[Want], list[int]], tolerance_s: float
) -> None:
    rows, wants, limit = town
    together = chosen(rows, wants, limit, tolerance_s)
    judged = plainly_together(in_columns(rows, wants, limit), demand_of(wants), tolerance_s)
    assert together.proved
    assert {level.name: level.value for level in together.levels} == pytest.approx(
        {name: value for name, value in judged.values.items() if name != "arrival"}, abs=1e-5
    )
    assert together.missing == pytest.approx(judged.missing, abs=1e-5)
    goes = np.isin(np.arange(len(rows)), together.sent)
    assert (judged.goes == goes).all(axis=1).any()
    _check_roles(rows, wants, together)


def _check_roles(rows: list[Offer], wants: list[Want], together: Together) -> None:
    """Check that the roles are possible for the crews, and bring what is said when it is said."""
    offered, demand = in_columns(rows, wants), demand_of(wants)
    filled = np.zeros(offered.share.shape)
    filled[together.sent] = together.role
    crew = np.divide(filled * offered.role_crew, offered.share, out=filled * 0, where=offered.share > 0)
    assert (crew.sum(axis=1) <= offered.crew + 1e-5).all()
    assert (filled <= offered.share + 1e-9).all()
    met_s = met_times(offered, filled[None], demand.needed - together.missing - 1e-5)[0]
    assert together.met_at_s.tolist() == np.where(together.missing > 0, np.inf, met_s).tolist()


@settings(max_examples=100, deadline=None)
@given(towns(), st.sampled_from((30.0, 60.0)))
def test_whoever_is_shown_as_near_equal_can_go_instead_and_keeps_every_level(
    town: tuple[list[Offer], list[Want], list[int]], tolerance_s: float
) -> None:
    rows, wants, limit = town
    together = chosen(rows, wants, limit, tolerance_s)
    judged = plainly_together(in_columns(rows, wants, limit), demand_of(wants), tolerance_s)
    for swap in together.swaps:
        goes = np.isin(np.arange(len(rows)), together.sent)
        assert goes[swap.sent]
        assert not goes[swap.instead]
        goes[[swap.sent, swap.instead]] = goes[[swap.instead, swap.sent]]
        assert (judged.as_few == goes).all(axis=1).any()


def test_the_answer_is_the_same_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(7)
    wants = [Want(3, 90), Want(4, 120, divisible=True), Want(2)]
    rows = [
        Offer(
            i,
            float(rng.choice(TIMES_S)),
            tuple(float(s) for s in rng.integers(0, 3, 3)),
            crew=3,
            tier=int(rng.integers(1, 3)),
        )
        for i in range(1, 15)
    ]
    answers = set()
    for _ in range(5):
        rows = [rows[i] for i in rng.permutation(len(rows))]
        together = chosen(rows, wants, [], 60.0)
        answers.add((tuple(rows[i].id for i in together.sent), together.role.tobytes()))
    assert len(answers) == 1


ANOTHER_PROCESS = """
from tests.bench.choice import KINDS, generated
from routing.together import ChoiceRules, choose_together
together = choose_together(*generated(KINDS[0], 5), ChoiceRules(60.0, 60.0))
print(together.sent.tolist(), together.role.tolist(), together.swaps)
"""


def test_another_process_gives_the_same_answer() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout
        for _ in range(2)
    }
    assert len(told) == 1
