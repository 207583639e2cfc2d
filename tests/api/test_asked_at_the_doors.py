"""By whose leave stock goes below its minimum, and at which hazard source: asked at both doors."""

import json

import pytest
from fastapi.testclient import TestClient
from shapely import Point
from sqlalchemy import select

from api.cli import main
from api.dispatching import Centre
from data.database import transaction
from data.models import HazardSource
from data.registry import (
    NewHazardSource,
    NewStock,
    NewTeam,
    NewUnit,
    add_hazard_sources,
    add_teams,
    add_units,
)
from tests.api.test_incidents import Json, call
from tests.river_town import FAR_FIELD, QUAY, WEST_STATION, store_depot

BOOM = "boom=50m"


@pytest.fixture(scope="module", autouse=True)
def works(centre: Centre) -> int:
    """Write a works whose own team is at the west station, and a depot that must keep 30 of its 50 m."""
    works = NewHazardSource(
        name="works", kind="mine", enterprise="Works", place=Point(FAR_FIELD.lon, FAR_FIELD.lat)
    )
    team = NewTeam.model_validate(
        {"base": "west", "name": "gate team", "kind": "fire", "tier": "enterprise-part-time"}
        | {"call_sign": "gate", "hazard_source": "works"}
    )
    unit = NewUnit.model_validate(
        {"team": "gate team", "name": "gate crew", "vehicle_profile": "passenger", "crew": 4}
        | {"turnout_s": 60, "capabilities": {"pumping": 5}}
    )
    boom = NewStock(item="boom", unit_of_measure="m", quantity=50, minimum=30)
    store_depot(centre.sessions, "boom store", WEST_STATION, boom)
    with transaction(centre.sessions) as session:
        add_hazard_sources(session, [works])
        add_teams(session, [team])
        add_units(session, [unit])
        return session.scalars(select(HazardSource.id)).one()


def reported(client: TestClient, **changes: object) -> str:
    home: str = client.post("/incidents", json=call(**changes)).json()["links"]["recommendation"]
    return home


def own_team(answer: Json) -> list[str]:
    return [unit["name"] for unit in answer["choice"]["units"] if unit["own_team"]]


def at_the_terminal(capsys: pytest.CaptureFixture[str], *options: str) -> Json:
    place = f"{QUAY.lon},{QUAY.lat}"
    asked = ("--kind", "chemical-leak", "--severity", "2", "--at", place, "--need", "rescue=4")
    with pytest.raises(SystemExit) as ended:
        main(["recommend", "--roads", "river", *asked, "--supply", BOOM, *options, "--json"])
    assert ended.value.code in (None, 0)
    answer: Json = json.loads(capsys.readouterr().out)
    return answer


@pytest.fixture
def terminal(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on the river town."""
    bind = centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(centre.settings.var))


def test_a_call_says_by_whose_leave_the_minimum_goes(client: TestClient) -> None:
    kept = client.get(reported(client, supply=BOOM)).json()
    assert (kept["shortfall"]["boom"], kept["supply_choice"]["below_minimum_by"]) == (30, None)
    given = client.get(reported(client, supply=BOOM, below_minimum_by=" duty director ")).json()
    assert "boom" not in given["shortfall"]
    assert given["supply_choice"]["below_minimum_by"] == "duty director"


def test_the_leave_is_given_for_one_recommendation_and_not_for_the_next(client: TestClient) -> None:
    home = reported(client, supply=BOOM)
    given = client.post(home, json={"below_minimum_by": "duty director"}).json()
    assert "boom" not in given["shortfall"]
    assert client.post(home).json()["shortfall"]["boom"] == 30
    assert client.get(home.replace("recommendation", "replay"), params={"number": 2}).status_code == 200


def test_a_call_names_the_source_it_is_about_and_its_own_team_is_alerted(
    client: TestClient, works: int
) -> None:
    assert own_team(client.get(reported(client)).json()) == []
    assert own_team(client.get(reported(client, hazard_source_id=works)).json()) == ["gate crew"]


def test_a_source_learnt_later_is_named_for_a_new_recommendation(client: TestClient, works: int) -> None:
    home = reported(client)
    named = client.post(home, json={"hazard_source_id": works}).json()
    assert own_team(named) == ["gate crew"]
    assert named["plan"]["name"] == client.get(home, params={"number": 1}).json()["plan"]["name"]
    assert own_team(client.post(home).json()) == [], "the incident stays as it was recorded"
    assert client.get(home.replace("recommendation", "replay"), params={"number": 2}).status_code == 200


def test_a_what_if_takes_both_as_well(client: TestClient, works: int) -> None:
    home = reported(client, supply=BOOM).replace("recommendation", "what-if")
    body = {"what_if": {"preset": "night"}, "below_minimum_by": "duty director", "hazard_source_id": works}
    said = client.post(home, json=body).json()
    assert (own_team(said), said["shortfall"].get("boom")) == (["gate crew"], None)


@pytest.mark.usefixtures("terminal")
def test_the_terminal_takes_both_as_well(capsys: pytest.CaptureFixture[str], works: int) -> None:
    assert at_the_terminal(capsys)["shortfall"] == {"boom": 30}
    given = at_the_terminal(capsys, "--below-minimum-by", "duty director", "--hazard-source", str(works))
    assert (given["shortfall"], own_team(given)) == ({}, ["gate crew"])


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--below-minimum-by", " "), "below_minimum_by: it names nobody: say who approves it"),
        (("--hazard-source", "999999"), "hazard_source_id: there is no hazard source 999999"),
        (("--supply", "sorbent=500L"), "supply: 'sorbent' is counted in kg, t, which cannot be compared"),
    ],
)
def test_the_terminal_refuses_with_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], reason: str
) -> None:
    place = f"{QUAY.lon},{QUAY.lat}"
    asked = ("--kind", "chemical-leak", "--severity", "2", "--at", place)
    with pytest.raises(SystemExit) as ended:
        main(["recommend", "--roads", "river", *asked, *options])
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    assert reason in said
