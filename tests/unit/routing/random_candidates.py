"""Random needs and candidates who fail any test there is, often several."""

from datetime import date

from hypothesis import strategies as st

from routing import reasons
from routing.needs import AddsUp, Requirement
from routing.reasons import Share
from tests.unit.routing.candidates import Candidate

SPRING = date(2026, 3, 1)
WITHHELD = st.sampled_from(
    (
        reasons.certificate_expired(Share("it", 2, level=2), SPRING),
        reasons.certificate_expired(Share("it", 0.5, level=1), SPRING),
        reasons.stock_expired(Share("it", 4), "kg", SPRING),
        reasons.stock_held(Share("it", 1, level=3), "kg"),
        reasons.stock_later(Share("it", 7, level=1), "kg", 14400),
    )
)
BUSY = reasons.busy(7, "en-route")
NO = reasons.refused("flat tyre")
HOME = reasons.held_at_home("the chlorine works")
NEEDS = st.lists(
    st.builds(
        Requirement,
        st.just("it"),
        st.sampled_from((0.5, 1, 2, 3.5, 7)),
        st.sampled_from(AddsUp),
        st.sampled_from((0.0, 0, 1, 2)),
    ),
    max_size=3,
)


def candidates(requirements: int) -> st.SearchStrategy[list[Candidate]]:
    shares = st.tuples(*[st.sampled_from((0, 0, 0.5, 1, 1.5, 2, 4))] * requirements)
    one = st.builds(
        Candidate,
        id=st.integers(1, 99),
        travel_s=st.sampled_from((0.0, 30, 60, 60, 90, float("inf"))),
        offered=shares,
        level=st.tuples(*[st.sampled_from((0.0, 1, 2, 3))] * requirements),
        ready_s=st.sampled_from((0.0, 30, 60)),
        off_m=st.sampled_from((0.0, 499.9, 500, 500.1)),
        straight_m=st.sampled_from((0.0, 10, 200, 200, 3000)),
        in_service=st.sampled_from((True, True, True, False)),
        ahead_s=st.sampled_from((-600.0, 0, 60, 60.1)),
        expired=st.lists(WITHHELD, max_size=2, unique=True).map(tuple),
        busy=st.sampled_from((None, None, None, BUSY, NO)),
        held=st.sampled_from((None, None, None, HOME)),
    )
    return st.lists(one, max_size=8, unique_by=lambda row: row.id)
