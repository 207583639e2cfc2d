import pytest
from fastapi.testclient import TestClient
from shapely.geometry import box, shape

from api.dispatching import Centre
from api.http.registry import parse_bbox
from data.database import transaction
from data.feature_collections import COLLECTIONS
from data.features import BoundingBox
from data.registry import NewHazardSource, add_hazard_sources
from tests.api.test_incidents import by_name, call
from tests.river_town import EAST_STATION, NORTH_STREET


@pytest.mark.parametrize("kind", COLLECTIONS)
def test_every_kind_of_row_is_a_feature_collection(client: TestClient, kind: str) -> None:
    client.post("/incidents", json=call())
    response = client.get(f"/{kind}")
    said = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/geo+json"
    assert said["type"] == "FeatureCollection"
    assert said["numberReturned"] == len(said["features"])
    for feature in said["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], int)
        assert isinstance(feature["properties"]["synthetic"], bool)


def test_a_unit_says_its_team_its_capabilities_and_where_it_is(client: TestClient) -> None:
    rows = [
        {"name": f["properties"]["name"], **f["properties"], "geometry": f["geometry"]}
        for f in client.get("/units").json()["features"]
    ]
    patrol = by_name(rows)["patrol"]
    assert patrol["team"] == "west team"
    assert patrol["capabilities"] == {"rescue": 2}
    assert patrol["geometry"]["type"] == "Point"
    assert patrol["geometry"]["coordinates"] == pytest.approx([NORTH_STREET.lon, NORTH_STREET.lat], abs=1e-6)


def test_polygons_run_counterclockwise_as_rfc_7946_asks(client: TestClient, centre: Centre) -> None:
    lon, lat = EAST_STATION.lon, EAST_STATION.lat
    clockwise = box(lon, lat, lon + 0.01, lat + 0.01, ccw=False)
    farm = NewHazardSource(name="farm", kind="tank-farm", enterprise="a company", place=clockwise)
    with transaction(centre.sessions) as session:
        add_hazard_sources(session, [farm])
    said = client.get("/hazard-sources").json()["features"][0]["geometry"]
    assert not clockwise.exterior.is_ccw
    assert shape(said).exterior.is_ccw


def test_a_box_keeps_what_touches_it(client: TestClient) -> None:
    lon, lat = EAST_STATION.lon, EAST_STATION.lat
    box = f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    names = [f["properties"]["name"] for f in client.get("/units", params={"bbox": box}).json()["features"]]
    assert names == ["east engine"]


def test_a_box_whose_west_is_beyond_its_east_crosses_the_antimeridian(client: TestClient) -> None:
    lon, lat = EAST_STATION.lon, EAST_STATION.lat
    box = f"{lon - 0.001},{lat - 1},-170,{lat + 1}"
    names = [f["properties"]["name"] for f in client.get("/units", params={"bbox": box}).json()["features"]]
    assert names == ["east engine"]


def test_pages_follow_each_other_to_the_end_without_a_gap(client: TestClient) -> None:
    url, seen = "/units?limit=4", list[int]()
    while url:
        page = client.get(url).json()
        seen += [feature["id"] for feature in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(seen) == page["numberMatched"] == 9
    assert seen == sorted(set(seen))


def test_a_box_is_read_as_west_south_east_north() -> None:
    assert parse_bbox("114.2,30.5,114.4,30.7") == BoundingBox(114.2, 30.5, 114.4, 30.7)


def test_the_health_of_the_service_names_its_roads(client: TestClient) -> None:
    said = client.get("/health").json()
    roads = said["roads"]
    assert (said["status"], roads["name"], roads["nodes"], roads["directed_edges"]) == ("ok", "river", 7, 10)


def test_the_front_page_leads_to_the_newest_map(client: TestClient) -> None:
    report = client.post("/incidents", json=call()).json()
    assert client.post("/incidents", json=call(lon=0.0, lat=0.0)).json()["recommendation"] is None
    response = client.get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, report["links"]["map"])
