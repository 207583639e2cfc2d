"""The hazard source an incident happens at, and its own team, which is alerted whatever else."""

import pytest

from geo.errors import InvalidInputError
from tests.decision_town import Crew, Town, up_mill_road
from tests.river_town import NORTH_STREET, QUAY


def guarded(town: Town) -> int:
    """Write a works at the quay with a gate team that offers nothing a leak needs, and an engine."""
    works = town.site("works", QUAY)
    town.write(
        Crew("gate team", up_mill_road(300), {"pumping": 20}, guards="works"),
        Crew("engine", up_mill_road(1200), {"rescue": 6}),
        Crew("spare engine", up_mill_road(1800), {"rescue": 6}),
    )
    return works


def test_the_own_team_is_alerted_though_it_offers_nothing_that_is_needed(town: Town) -> None:
    guarded(town)
    told = town.report("rescue=4")
    assert list(told.sent) == ["gate team", "engine"], "soonest first, and the spare engine stays"
    gate, engine = told.sent["gate team"], told.sent["engine"]
    assert (gate.own_team, gate.first_due, gate.roles) == (True, False, [])
    assert (engine.own_team, engine.first_due) == (False, True)
    assert told.roles["engine"] == {"rescue": 4}
    assert told.answer.first_due == engine.id


def test_an_incident_near_a_source_happens_there_and_one_farther_off_does_not(town: Town) -> None:
    guarded(town)
    assert "gate team" in town.report("rescue=4", place=up_mill_road(299)).sent
    assert "gate team" not in town.report("rescue=4", place=up_mill_road(302)).sent


def test_of_two_sources_in_reach_the_nearer_one_is_meant(town: Town) -> None:
    guarded(town)
    town.site("mill", up_mill_road(200))
    town.write(Crew("mill team", up_mill_road(900), {"pumping": 5}, guards="mill"))
    told = town.report("rescue=4", place=up_mill_road(150))
    assert "mill team" in told.sent
    assert "gate team" not in told.sent


def test_the_source_that_is_named_is_meant_wherever_the_incident_is(town: Town) -> None:
    works = guarded(town)
    assert "gate team" in town.report("rescue=4", place=NORTH_STREET, hazard_source_id=works).sent
    with pytest.raises(InvalidInputError, match=f"there is no hazard source {works + 99}"):
        town.report("rescue=4", hazard_source_id=works + 99)


def test_an_own_team_that_is_out_of_service_is_not_alerted(town: Town) -> None:
    guarded(town)
    town.change_unit("gate team", in_service=False)
    told = town.report("rescue=4")
    assert list(told.sent) == ["engine"]
    assert told.unlisted["gate team"].reasons[0] == "out of service"
