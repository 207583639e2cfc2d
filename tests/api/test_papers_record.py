"""Handover, accident reports and the report after the action: the record, and nothing but the record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.answer import read_answer
from api.http.app import create_app
from api.papers.requirements import requirements
from data.database import Sessions, transaction
from data.incidents import kept_answer
from data.record import read_record
from tests.decision_town import Town
from tests.paper_life import HOSTILE, Life, at, live
from tests.river_town import river_centre

Json = dict[str, Any]


@pytest.fixture(scope="module")
def life(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Life:
    return live(Town(river_centre(sessions, tmp_path_factory.mktemp("var"))))


@pytest.fixture(scope="module")
def client(life: Life) -> Iterator[TestClient]:
    with TestClient(create_app(life.centre)) as talking:
        yield talking


@pytest.fixture(scope="module")
def after(client: TestClient, life: Life) -> Json:
    answered: Json = client.get(f"/incidents/{life.incident}/after-action.json").json()
    return answered


def test_the_sheet_names_who_is_out_who_is_silent_and_what_is_short(client: TestClient) -> None:
    sheet = client.get("/handover.json").json()
    assert [(one["unit"], moment(one["since"])) for one in sheet["units"]] == [
        ("third", at(-30)),
        ("first", at(90)),
    ]
    assert [(one["unit"], moment(one["due_at"]), one["overdue"]) for one in sheet["promises"]] == [
        ("fourth", at(60), True)
    ]
    assert [(one["item"], one["free"], one["minimum"], one["reserved_away"]) for one in sheet["short"]] == [
        ("sorbent", 150, 160, False)
    ]
    assert {count["state"]: count["units"] for count in sheet["incidents"][0]["units"]} == {
        "on-scene": 2,
        "ordered": 1,
        "refused": 1,
    }


def test_relief_is_due_four_hours_after_mobilising(client: TestClient) -> None:
    third, first = client.get("/handover.json").json()["units"]
    assert moment(third["relief_at"]) == at(-30 + 4 * 3600)
    assert not third["relief_due"]
    assert first["crew_hours"] == pytest.approx(6 * first["hours"])


def test_what_was_predicted_stands_beside_what_happened(after: Json) -> None:
    first = next(one for one in after["performance"] if one["unit"] == "first")
    assert [first[step]["later_s"] for step in ("turnout", "travel", "arrival")] == [30, 30, 60]
    assert first["within_p90"] is True


def test_who_was_rolling_before_the_order_has_no_turnout(after: Json) -> None:
    third = next(one for one in after["performance"] if one["unit"] == "third")
    assert third["turnout"] == {"predicted_s": 60, "actual_s": None, "later_s": None}
    assert (third["travel"]["actual_s"], third["arrival"]["actual_s"]) == (150, 120)
    assert third["remark"]["en"] == "was rolling before it was ordered"


def test_a_need_is_met_when_those_on_scene_have_brought_enough(after: Json) -> None:
    rescue, sorbent = after["requirements"]
    assert (rescue["brought"], rescue["met_at_s"], rescue["deadline_s"], rescue["kept"]) == (
        8,
        240,
        300,
        True,
    )
    assert (sorbent["met_at_s"], sorbent["kept"]) == (None, None)
    assert sorbent["remark"]["en"] == "when it came is not told"


def test_a_need_of_an_incident_that_stands_is_not_met_yet_and_of_one_that_is_over_never(
    life: Life,
) -> None:
    with transaction(life.centre.sessions) as session:
        open_now = read_record(session, life.incident)
        answer = read_answer(kept_answer(session, life.incident, None).answer)
    over = replace(open_now, incident=replace(open_now.incident, status="closed"))
    for record, said in ((open_now, "not met yet"), (over, "never met")):
        nobody = replace(record, assignments=())
        rescue = requirements(nobody, answer)[0]
        assert rescue.remark is not None
        assert (rescue.remark.en, rescue.kept) == (said, False if said == "never met" else None)


def test_refusals_and_silences_are_named(after: Json) -> None:
    assert [(one["unit"], one["words"]["en"], one["note"]) for one in after["silences"]] == [
        ("second", "refused", HOSTILE),
        ("fourth", "not acknowledged yet", ""),
    ]


def test_the_timeline_tells_late_entries_from_others(after: Json) -> None:
    there = [one for one in after["timeline"] if one["kind"] == "assignment.on-scene"]
    assert [(moment(one["happened_at"]), one["late"]) for one in there] == [(at(120), True), (at(240), True)]
    made = next(one for one in after["timeline"] if one["kind"] == "recommendation.made")
    assert not made["late"]
    happened = [moment(one["happened_at"]) for one in after["timeline"]]
    assert happened == sorted(happened)
    assert after["timeline"][0]["kind"] == "incident.reported"


def test_supplies_say_what_was_set_aside_and_used(after: Json) -> None:
    assert [(one["set_aside"], one["used"], one["approved_by"]) for one in after["supplies"]] == [
        (200, 150, "director")
    ]


def test_the_decision_acted_on_comes_out_the_same_again(after: Json, life: Life) -> None:
    (replayed,) = after["replays"]
    assert replayed["id"] == f"{life.incident}/1"
    assert replayed["acted_on"]
    assert (replayed["identical"], replayed["why_not"]) == (True, None)


def test_the_file_escapes_what_people_wrote_and_holds_its_map(client: TestClient, life: Life) -> None:
    page = client.get(f"/incidents/{life.incident}/after-action").text
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'srcdoc="&lt;!DOCTYPE html&gt;' in page


def test_errors_of_estimates_are_kept_by_class_of_road_and_hour(client: TestClient) -> None:
    found = {(one["road_class"], one["preset"]): one for one in client.get("/travel-errors").json()}
    travel = [one["travel"] for one in client.get("/travel-errors").json() if one["travel"]]
    assert set(found) == {("residential", None)}
    assert sum(one["count"] for one in travel) == 2
    assert {one["median_s"] for one in travel} == {30.0}
    assert {one["actual_over_predicted"] for one in travel} == {150 / 120}


def test_a_report_says_what_is_not_known_and_invents_nothing(client: TestClient, life: Life) -> None:
    report = client.get(f"/incidents/{life.incident}/reports/first.json").json()
    assert [heading["title"]["en"] for heading in report["headings"]] == [
        "the organisation",
        "time, place and scene",
        "what happened, briefly",
        "casualties, the missing included, and the first estimate of direct loss",
        "measures taken",
        "anything else to report",
    ]
    assert {line["text"] for line in report["headings"][3]["lines"]} == {None}
    assert "dead" in [label["en"] for label in report["not_known"]]
    assert "待补" in client.get(f"/incidents/{life.incident}/reports/first").text


def test_the_clocks_run_from_the_call_until_somebody_says_when_it_happened(
    client: TestClient, life: Life
) -> None:
    path = f"/incidents/{life.incident}/reports/first.json"
    enterprise, level = client.get(path).json()["clocks"]
    assert (moment(enterprise["due_at"]), moment(level["due_at"])) == (at(3540), at(7140))
    assert enterprise["start_is_the_call"]
    assert not enterprise["confirmed"]
    told = {"who": "works", "occurred_at": at(-600).isoformat()}
    assert client.post(f"/incidents/{life.incident}/facts", json=told).status_code == 201
    enterprise, level = client.get(path).json()["clocks"]
    assert (moment(enterprise["due_at"]), moment(level["due_at"])) == (at(3000), at(6600))
    assert not enterprise["start_is_the_call"]


def test_the_newest_fact_counts_by_when_it_was_so_not_by_when_it_was_entered(
    client: TestClient, life: Life
) -> None:
    for missing, seconds in ((2, 600), (1, 1800), (3, 300)):
        told = {"who": "scene", "missing": missing, "happened_at": at(seconds).isoformat()}
        assert client.post(f"/incidents/{life.incident}/facts", json=told).status_code == 201
    report = client.get(f"/incidents/{life.incident}/reports/follow-up.json").json()
    missing_line = next(line for line in report["headings"][3]["lines"] if line["label"]["en"] == "missing")
    assert missing_line["text"] == "1"
    assert [said["value"] for said in report["changes"][0]["values"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"who": "scene"}, "body"),
        ({"who": "scene", "deaths": -1}, "deaths"),
        ({"who": "scene", "deths": 1}, "deths"),
        ({"who": "scene", "deaths": 1, "happened_at": "2190-01-01T00:00:00+08:00"}, "happened_at"),
        ({"who": "scene", "occurred_at": "2190-01-01T00:00:00+08:00"}, "occurred_at"),
    ],
)
def test_facts_that_cannot_be_are_refused(client: TestClient, life: Life, told: Json, field: str) -> None:
    refused = client.post(f"/incidents/{life.incident}/facts", json=told)
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["field"] == field


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
