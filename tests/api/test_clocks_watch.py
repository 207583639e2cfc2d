"""Silence, refusals, closed bridges and freed units, in the river town: what the watch says of them, once."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.clocks import acknowledgements, say_overdue
from api.dispatching import Centre
from api.http.app import create_app
from api.watching import Watch, kept_watch
from data.cluster import Cluster
from data.database import Sessions, open_engine, sessions_on, transaction
from data.models import ConditionKind, Tier
from data.watched import EASED, OVERDUE, SUCCESSOR, WORSENED, watches
from tests.db.conditions import closure
from tests.decision_town import BRIDGE, TURNOUT_S, Crew, over_the_bridge, up_mill_road
from tests.river_town import river_centre
from tests.watched_town import Room, empty_room, instead

PATIENCE_S = 30
NEAR = Crew("near", up_mill_road(1200), {"rescue": 6})
FAR = Crew("far", up_mill_road(1900), {"rescue": 6})
EAST = Crew("east", over_the_bridge(10_200), {"rescue": 6})
NEAR_S, FAR_S, EAST_S = 180.0, 250.0, 1080.0
CROSSING_S = 20.0
ABOUT_S = 0.1
"""What the coordinates of the town are rounded by."""


@pytest.fixture(scope="module")
def roads(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    return river_centre(sessions, tmp_path_factory.mktemp("var"))


@pytest.fixture
def room(migrated: Cluster, roads: Centre) -> Iterator[Room]:
    with empty_room(migrated, roads) as room:
        yield room


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    with TestClient(create_app(room.centre)) as talking:
        yield talking


def seconds_between(begin: datetime, end: str) -> float:
    return (datetime.fromisoformat(end) - begin).total_seconds()


def test_whoever_has_had_the_word_is_awaited_for_the_seconds_of_its_tier(
    room: Room, client: TestClient
) -> None:
    room.town.write(NEAR, replace(FAR, tier=Tier.VOLUNTEER))
    incident = room.town.report("rescue=12").incident
    room.send(incident, "near", "far", ago_s=90)
    told = client.get("/acknowledgements").json()
    assert [(one["unit"], one["within_s"]) for one in told["overdue"]] == [("near", 60)]
    assert [(one["unit"], one["within_s"]) for one in told["running"]] == [("far", 300)]
    late = told["overdue"][0]
    waited_s = datetime.fromisoformat(late["due_at"]) - datetime.fromisoformat(late["since"])
    assert waited_s == timedelta(seconds=60)
    assert late["call_sign"] == "near"
    assert late["left_s"] < 0


def test_silence_is_told_once_and_ends_with_a_word_by_radio(room: Room) -> None:
    room.town.write(NEAR)
    incident = room.town.report("rescue=6").incident
    (sent,) = room.send(incident, "near", ago_s=61)
    assert say_overdue(room.centre.sessions) == (sent,)
    assert say_overdue(room.centre.sessions) == ()
    assert [one["call_sign"] for one in room.said(OVERDUE)] == ["near"]
    room.log(sent, "acknowledged")
    assert say_overdue(room.centre.sessions) == ()
    assert len(room.said(OVERDUE)) == 1
    assert not acknowledgements(room.centre.sessions).awaited


def test_a_unit_that_rolled_before_it_was_told_is_not_awaited(room: Room) -> None:
    room.town.write(NEAR)
    (sent,) = room.send(room.town.report("rescue=6").incident, "near", ago_s=600)
    room.log(sent, "en-route", ago_s=590)
    assert say_overdue(room.centre.sessions) == ()


def test_for_a_silent_unit_the_next_one_is_proposed_and_nobody_is_claimed(
    room: Room, client: TestClient
) -> None:
    room.town.write(NEAR, FAR)
    incident = room.town.report("rescue=6").incident
    (sent,) = room.send(incident, "near", ago_s=61)
    say_overdue(room.centre.sessions)
    room.watch().look()
    (said,) = room.said(SUCCESSOR)
    assert (said["why"], instead(said)) == (OVERDUE, ["far"])
    assert said["instead"][0]["roles"] == {"rescue": 6.0}
    assert said["instead"][0]["arrival_s"] == FAR_S
    asked = client.get(f"/assignments/{sent}/successor").json()
    assert [one["unit"] for one in asked["instead"]] == ["far"]
    assert asked["needs"][0]["without_s"] == FAR_S
    assert list(room.bound()) == [room.unit("near")]


def test_for_a_unit_that_refuses_the_next_one_is_proposed_with_its_minutes(room: Room) -> None:
    room.town.write(NEAR, FAR, EAST)
    (sent,) = room.send(room.town.report("rescue=6").incident, "near")
    room.log(sent, "refused")
    watch = room.watch()
    watch.look()
    watch.look()
    (said,) = room.said(SUCCESSOR)
    assert instead(said) == ["far"]
    (need,) = said["needs"]
    assert need["need"] == "rescue"
    assert need["later_min"] >= round((FAR_S - NEAR_S) / 60, 1)
    assert need["missing"] == 0


def test_where_nobody_is_left_that_is_said_with_what_is_missing(room: Room) -> None:
    room.town.write(NEAR)
    (sent,) = room.send(room.town.report("rescue=6").incident, "near")
    room.log(sent, "refused")
    room.watch().look()
    (said,) = room.said(SUCCESSOR)
    assert instead(said) == []
    assert said["why_none"] == "nobody else can go"
    assert said["needs"] == [{"need": "rescue", "later_min": None, "missing": 6.0}]


def test_two_that_are_lost_have_two_successors(room: Room) -> None:
    room.town.write(NEAR, Crew("nearer", up_mill_road(1000), {"rescue": 6}), FAR, EAST)
    incident = room.town.report("rescue=12").incident
    for sent in room.send(incident, "near", "nearer"):
        room.log(sent, "refused")
    room.watch().look()
    assert [instead(said) for said in room.said(SUCCESSOR)] == [["far"], ["east"]]


def test_a_proposal_that_is_dropped_costs_nobody(room: Room, client: TestClient) -> None:
    room.town.write(NEAR, FAR)
    incident = room.town.report("rescue=6").incident
    (sent,) = room.send(incident, "near")
    room.log(sent, "cancelled")
    client.post(f"/incidents/{incident}/close", json={"who": "duty desk"})
    room.watch().look()
    assert not room.said(SUCCESSOR)


def test_the_bridge_closes_while_the_east_engine_is_on_its_way(room: Room, client: TestClient) -> None:
    room.town.write(EAST, replace(NEAR, in_service=False))
    incident = room.town.report("rescue=6").incident
    (sent,) = room.send(incident, "east", ago_s=100)
    room.log(sent, "en-route", ago_s=40)
    watch = room.watch()
    watch.look()
    assert client.get(f"/incidents/{incident}/redispatch").json() == []
    room.town.change_unit("near", in_service=True)
    flood = room.town.close_bridge("flood")
    watch.look()
    watch.look()
    (said,) = room.said(WORSENED)
    assert (said["arrival_at"], said["why"]) == (None, "road closed: flood")
    (proposed,) = room.said(SUCCESSOR)
    assert (proposed["why"], instead(proposed)) == (WORSENED, ["near"])
    (worse,) = client.get(f"/incidents/{incident}/redispatch").json()
    ordered_at = room.happened_at(sent, "assignment.ordered")
    assert seconds_between(ordered_at, worse["promised_at"]) == pytest.approx(EAST_S, abs=ABOUT_S)
    assert (worse["cut_off"], worse["arrival_at"], worse["told"]) == (True, None, True)
    assert [one["unit"] for one in worse["successor"]["instead"]] == ["near"]
    room.town.reopen(flood)
    watch.look()
    (eased,) = room.said(EASED)
    rolled_at = room.happened_at(sent, "assignment.en-route")
    assert seconds_between(rolled_at, eased["arrival_at"]) == pytest.approx(EAST_S - TURNOUT_S, abs=ABOUT_S)
    room.town.close_bridge("flood again")
    watch.look()
    assert len(room.said(WORSENED)) == 2


def test_a_slower_bridge_is_told_where_it_costs_more_than_the_threshold(room: Room) -> None:
    room.town.write(EAST)
    room.send(room.town.report("rescue=6").incident, "east")
    watch = room.watch()
    watch.look()
    slow = {"kind": ConditionKind.SLOWDOWN, "shape": BRIDGE}
    mild = room.shut(closure(**slow, factor=5))
    watch.look()
    assert not room.said(WORSENED)
    room.town.reopen(mild)
    room.shut(closure(**slow, factor=10))
    watch.look()
    watch.look()
    (said,) = room.said(WORSENED)
    assert said["later_s"] == pytest.approx(10 * CROSSING_S - CROSSING_S, abs=ABOUT_S)
    (proposed,) = room.said(SUCCESSOR)
    assert proposed["why_none"] == "nobody else would be there sooner"


def test_a_position_tells_that_a_unit_is_late(room: Room) -> None:
    room.town.write(EAST)
    (sent,) = room.send(room.town.report("rescue=6").incident, "east", ago_s=700)
    room.log(sent, "en-route", ago_s=640)
    watch = room.watch()
    watch.look()
    seen_at = datetime.now(UTC) - timedelta(seconds=10)
    room.see("east", EAST.place, seen_at)
    watch.look()
    watch.look()
    (said,) = room.said(WORSENED)
    ordered_at = room.happened_at(sent, "assignment.ordered")
    assert seconds_between(ordered_at, said["told_arrival_at"]) == pytest.approx(EAST_S, abs=ABOUT_S)
    assert seconds_between(seen_at, said["arrival_at"]) == pytest.approx(EAST_S - TURNOUT_S, abs=ABOUT_S)


def test_without_a_device_the_passing_of_time_makes_nobody_late(room: Room) -> None:
    room.town.write(EAST, NEAR)
    moving, waiting = room.send(room.town.report("rescue=12").incident, "near", "east", ago_s=7200)
    room.log(moving, "acknowledged", "en-route", ago_s=7130)
    room.log(waiting, "acknowledged", ago_s=7100)
    watch = room.watch()
    for _ in range(3):
        watch.look()
    assert not room.said(WORSENED)


def test_a_unit_that_is_released_is_offered_to_the_call_that_waits(room: Room) -> None:
    room.town.write(NEAR)
    (sent,) = room.send(room.town.report("rescue=6").incident, "near")
    waits = room.town.report("rescue=6")
    assert not waits.sent
    watch = room.watch()
    watch.look()
    assert not room.said("incident.offered-again")
    room.log(sent, "on-scene", "released")
    watch.look()
    (offered,) = [one for one in room.said("incident.offered-again") if one["number"] == 2]
    assert offered["units"] == [room.unit("near")]
    assert room.town.again(waits).answer.number == 3


def test_one_watches_at_a_time_and_each_thing_is_told_once(room: Room) -> None:
    room.town.write(NEAR, FAR, EAST)
    incident = room.town.report("rescue=12").incident
    room.send(incident, "near", "east", ago_s=100)
    room.town.close_bridge("flood")
    engine = open_engine(room.centre.sessions.kw["bind"].url)
    other = replace(room.centre, sessions=sessions_on(engine))
    begin = threading.Barrier(4)

    def look_often(watch: Watch) -> None:
        begin.wait()
        for _ in range(5):
            say_overdue(room.centre.sessions)
            watch.look()

    watches_of = [Watch(centre, 0.0) for centre in (room.centre, other, room.centre, other)]
    threads = [threading.Thread(target=look_often, args=(watch,)) for watch in watches_of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    room.watch().look()
    with transaction(room.centre.sessions) as mine, transaction(other.sessions) as theirs:
        assert (watches(mine), watches(theirs)) == (True, False)
    engine.dispose()
    assert (len(room.said(OVERDUE)), len(room.said(WORSENED)), len(room.said(SUCCESSOR))) == (2, 1, 3)


def test_the_watch_goes_on_when_its_connections_are_cut(room: Room) -> None:
    room.town.write(NEAR)
    incident = room.town.report("rescue=6").incident
    with kept_watch(room.centre):
        with transaction(room.centre.sessions) as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        room.send(incident, "near", ago_s=61)
        end = time.monotonic() + PATIENCE_S
        while not room.said(OVERDUE) and time.monotonic() < end:
            time.sleep(0.1)
    assert len(room.said(OVERDUE)) == 1
