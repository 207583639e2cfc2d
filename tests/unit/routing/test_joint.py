"""Several incidents at once: each unit to one of them, the more urgent first; what taking one would gain."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.joint import Incident, choose_jointly
from routing.preempting import gain_of_preempting
from routing.together import ChoiceRules, Together, choose_together
from tests.unit.routing.offers import INF, Offer, Want, demand_of, in_columns

AT_ONCE = ChoiceRules(tolerance_s=0.0, time_limit_s=60.0)


def incident(
    rows: Sequence[Offer],
    wants: Sequence[Want],
    priority: int = 1,
    group_limit: Sequence[int] = (),
    group_name: tuple[str, ...] = (),
) -> Incident:
    return Incident(in_columns(rows, wants, group_limit), demand_of(wants), priority, group_name)


def ids(together: Together, of: Incident) -> list[int]:
    return [int(id_) for id_ in of.offers.id[together.sent]]


def test_the_only_ambulance_near_both_goes_where_it_is_missed_more() -> None:
    """Alone, both would have 1. North would wait 600 s for 2 instead, south only 200 s for 3."""
    north = incident([Offer(1, 60, (1,)), Offer(2, 600, (1,))], [Want(1)])
    south = incident([Offer(1, 50, (1,)), Offer(3, 200, (1,))], [Want(1)])
    at_north, at_south = choose_jointly([north, south], AT_ONCE)
    assert ids(at_north, north) == [1]
    assert ids(at_south, south) == [3]
    assert at_north.met_at_s.tolist() == [60]
    assert at_south.met_at_s.tolist() == [200]
    assert [level.value for level in at_south.levels if level.name == "first_capable"] == [200]


def test_the_more_urgent_incident_chooses_first() -> None:
    north = incident([Offer(1, 60, (1,)), Offer(2, 600, (1,))], [Want(1)], priority=2)
    south = incident([Offer(1, 50, (1,)), Offer(3, 200, (1,))], [Want(1)], priority=1)
    at_north, at_south = choose_jointly([north, south], AT_ONCE)
    assert ids(at_north, north) == [2]
    assert ids(at_south, south) == [1]


def test_two_engines_are_not_shared_by_three_incidents() -> None:
    same = [incident([Offer(1, 60, (1,)), Offer(2, 90, (1,))], [Want(1)]) for _ in range(3)]
    together = choose_jointly(same, AT_ONCE)
    assert sorted(len(t.sent) for t in together) == [0, 1, 1]
    assert sorted(t.missing.tolist() for t in together) == [[0], [0], [1]]


def test_the_own_team_of_two_sites_is_alerted_to_the_first() -> None:
    own = [Offer(7, 30, (1,), always=True), Offer(1, 60, (1,))]
    first, second = incident(own, [Want(1)]), incident(own, [Want(1)])
    at_first, at_second = choose_jointly([first, second], AT_ONCE)
    assert ids(at_first, first) == [7]
    assert ids(at_second, second) == [1]


def test_a_group_of_one_incident_keeps_its_limit() -> None:
    site = [Offer(1, 60, (1,), group=0), Offer(2, 70, (1,), group=0), Offer(3, 400, (1,))]
    north = incident(site, [Want(2)], group_limit=[1])
    south = incident([Offer(2, 500, (1,))], [Want(1)])
    at_north, at_south = choose_jointly([north, south], AT_ONCE)
    assert ids(at_north, north) == [1, 3]
    assert ids(at_south, south) == [2]


@pytest.mark.parametrize("priorities", [(1, 1), (1, 2)])
def test_two_incidents_together_leave_a_site_its_last_unit(priorities: tuple[int, int]) -> None:
    """The works have 1 and 2 and spare one of them. Each would be first somewhere; 3 comes in its stead."""
    guards = [Offer(1, 60, (1,), group=0), Offer(2, 70, (1,), group=0), Offer(3, 400, (1,))]
    both = [incident(guards, [Want(1)], p, group_limit=[1], group_name=("works",)) for p in priorities]
    together = choose_jointly(both, AT_ONCE)
    assert sorted(ids(t, i) for t, i in zip(together, both, strict=True)) == [[1], [3]]


def test_a_site_keeps_its_last_unit_though_no_incident_could_have_both() -> None:
    north = incident([Offer(1, 60, (1,), group=0)], [Want(1)], 1, group_limit=[1], group_name=("works",))
    south = incident([Offer(2, 60, (1,), group=0)], [Want(1)], 2, group_limit=[1], group_name=("works",))
    at_north, at_south = choose_jointly([north, south], AT_ONCE)
    assert (ids(at_north, north), ids(at_south, south)) == ([1], [])


def test_who_could_go_instead_is_told_by_the_positions_of_its_own_incident() -> None:
    north = incident([Offer(9, 60, (1, 0)), Offer(1, 100, (0, 1)), Offer(2, 110, (0, 1))], [Want(1), Want(1)])
    south = incident([Offer(5, 10, (1,))], [Want(1)])
    _, at_north = choose_jointly([south, north], ChoiceRules(tolerance_s=60.0, time_limit_s=60.0))
    assert [(s.sent, s.instead, s.later_s) for s in at_north.swaps] == [(1, 2, 10)]


def test_no_incident_needs_no_choice() -> None:
    assert choose_jointly([], AT_ONCE) == ()


def test_what_taking_a_bound_unit_would_gain_is_shown_by_requirement() -> None:
    wants = [Want(2), Want(1), Want(3)]
    free = in_columns([Offer(1, 60, (2, 0, 0)), Offer(2, 500, (0, 1, 0))], wants)
    bound = in_columns([Offer(3, 200, (0, 1, 0)), Offer(4, 90, (2, 0, 0)), Offer(5, 90, (0, 0, 3))], wants)
    medic, rescuers = gain_of_preempting(free, demand_of(wants), bound, AT_ONCE)
    assert (medic.position, medic.sooner_s.tolist(), medic.less_missing.tolist()) == (
        0,
        [0, 300, 0],
        [0, 0, 0],
    )
    assert (rescuers.position, rescuers.sooner_s.tolist()) == (2, [0, 0, INF])
    assert rescuers.less_missing.tolist() == [0, 0, 3]


TIMES_S = st.sampled_from((60.0, 90.0, 120.0, 300.0))


@st.composite
def incidents(draw: st.DrawFn) -> list[Incident]:
    wants = [Want(draw(st.sampled_from((1.0, 2.0, 3.0)))) for _ in range(2)]
    shares = st.tuples(*[st.sampled_from((0.0, 1.0, 2.0))] * 2)
    offered = [draw(shares) for _ in range(draw(st.integers(1, 5)))]
    rows = [[Offer(i + 1, draw(TIMES_S), share) for i, share in enumerate(offered)] for _ in range(2)]
    return [incident(r, wants, priority=draw(st.integers(1, 2))) for r in rows]


@settings(max_examples=100, deadline=None)
@given(incidents())
def test_each_unit_goes_to_one_incident_and_the_most_urgent_is_served_as_if_alone(
    both: list[Incident],
) -> None:
    together = choose_jointly(both, AT_ONCE)
    sent = [id_ for t, i in zip(together, both, strict=True) for id_ in ids(t, i)]
    assert len(sent) == len(set(sent))
    assert all(t.proved for t in together)
    first, second = sorted(range(2), key=lambda k: both[k].priority)
    if both[first].priority < both[second].priority:
        alone = choose_together(both[first].offers, both[first].demand, AT_ONCE)
        assert together[first].sent.tolist() == alone.sent.tolist()
        assert np.array_equal(together[first].role, alone.role)
