"""Places fetched by OSMnx, from a Nominatim and an Overpass on this machine that know Andorra alone."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import osmium
import osmnx
import pytest

from api.cli import main
from api.kept_roads import open_roads
from api.roadworks import import_place, import_roads
from data.roads.layer_columns import LayerColumns
from data.roads.osm_rules import CANDIDATES
from data.roads.osmnx_place import PlaceError, trails
from tests.unit.roads.test_cities import city

WEST, SOUTH, EAST, NORTH = 1.38, 42.4, 1.82, 42.68
"""A box around Andorra."""


@dataclass
class Services:
    """The two services: where they are, what they answer and what they were asked."""

    url: str
    asked: list[str] = field(default_factory=list)


def overpass_json(path: Path) -> bytes:
    """Return the roads of a file as Overpass would: nodes and ways with their tags."""
    elements: list[dict[str, Any]] = []
    for entity in osmium.FileProcessor(str(path)):
        tags = dict(entity.tags)
        if isinstance(entity, osmium.osm.Node):
            place = {"lat": entity.lat, "lon": entity.lon}
            elements.append({"type": "node", "id": entity.id, "tags": tags} | place)
        elif isinstance(entity, osmium.osm.Way) and tags.get("highway") in CANDIDATES:
            nodes = [node.ref for node in entity.nodes]
            elements.append({"type": "way", "id": entity.id, "tags": tags, "nodes": nodes})
    return json.dumps({"elements": elements}).encode()


def nominatim_json(query: str) -> bytes:
    """Return a box for Andorra, a point for a village in it, and nothing for anywhere else."""
    box = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    shapes = {
        "Andorra, Europe": {"type": "Polygon", "coordinates": [box]},
        "Ordino": {"type": "Point", "coordinates": [1.53, 42.55]},
    }
    bounds = [str(SOUTH), str(NORTH), str(WEST), str(EAST)]
    known = {"lat": "42.5", "lon": "1.5", "importance": 0.9, "boundingbox": bounds, "display_name": query}
    return json.dumps([known | {"geojson": shapes[query]}] if query in shapes else []).encode()


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    roads = overpass_json(city("andorra.osm.pbf"))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            self._answer(nominatim_json(parse_qs(urlsplit(self.path).query)["q"][0]))

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            known.asked.append(parse_qs(asked)["data"][0])
            self._answer(roads)

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known = Services(f"http://127.0.0.1:{server.server_port}")
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        point_osmnx_to(monkeypatch, known.url)
        yield known
        server.shutdown()
        serving.join()


def point_osmnx_to(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(osmnx.settings, "nominatim_url", url)
    monkeypatch.setattr(osmnx.settings, "overpass_url", url)
    monkeypatch.setattr(osmnx.settings, "overpass_rate_limit", False)


@pytest.mark.usefixtures("services")
def test_andorra_by_its_name_is_andorra_from_its_file_but_for_turns(tmp_path: Path) -> None:
    """OSMnx does not tell where a ring road begins, which is a node in a file; no junction depends on it."""
    import_place("Andorra, Europe", "fetched", tmp_path / "roads", tmp_path / "places")
    import_roads(city("andorra.osm.pbf"), "read", tmp_path / "roads", LayerColumns())
    fetched, read = open_roads(tmp_path / "roads", "fetched"), open_roads(tmp_path / "roads", "read")
    for count in ("junctions", "components", "barriers", "height_limits", "weight_limits"):
        assert getattr(fetched.facts, count) == getattr(read.facts, count)
    assert fetched.facts.kilometres == pytest.approx(read.facts.kilometres, abs=0.001)
    assert fetched.facts.source == "Andorra-Europe.osm.pbf"
    assert fetched.facts.licence == "ODbL 1.0, © OpenStreetMap contributors"
    assert "without turn restrictions" in fetched.facts.assumptions[-1]


def test_osmnx_is_left_as_it_was_found_and_a_place_asked_again_needs_no_internet(
    services: Services, tmp_path: Path
) -> None:
    before = dict(vars(osmnx.settings)), socket.getaddrinfo
    first = import_place("Andorra, Europe", "andorra", tmp_path / "roads", tmp_path / "places")
    assert (dict(vars(osmnx.settings)), socket.getaddrinfo) == before
    questions = list(services.asked)
    assert len(questions) == 2
    assert '["highway"~"^(busway|' in questions[1]
    again = import_place("Andorra, Europe", "andorra", tmp_path / "roads", tmp_path / "places")
    assert services.asked == questions
    assert again == first


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("place", ["Atlantis", "Ordino"])
def test_a_place_that_is_no_area_is_told_in_a_sentence(tmp_path: Path, place: str) -> None:
    with pytest.raises(PlaceError, match=f"^'{place}' is no area with roads that OpenStreetMap knows"):
        import_place(place, "town", tmp_path / "roads", tmp_path / "places")


def test_without_internet_a_sentence_says_what_was_asked_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    point_osmnx_to(monkeypatch, url)
    with pytest.raises(SystemExit) as ended:
        main(["roads", "import", "--place", "十堰市, 湖北, 中国", "--name", "shiyan", "--var", str(tmp_path)])
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        f"rescuegrid: '十堰市, 湖北, 中国' cannot be fetched: no answer from {url} and {url}; "
        "import a file instead: rescuegrid roads import FILE\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--place", "十堰市"], "cannot be the name of a network; name it with --name"),
        (["--place", "Andorra", "town.osm"], "give no FILE and no word about one"),
        (["--place", "Andorra", "--speed-column", "kmh"], "give no FILE and no word about one"),
        ([], "name a road file, or a place with --place"),
    ],
)
def test_a_place_takes_a_name_and_no_file(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["roads", "import", *arguments])
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("steps", "put_together"),
    [
        ([(1, 2), (2, 3), (3, 4)], [[1, 2, 3, 4]]),
        ([(9, 2), (2, 3), (3, 1)], [[9, 2, 3, 1]]),
        ([(1, 2), (5, 6)], [[1, 2], [5, 6]]),
        ([(3, 1), (1, 2), (2, 3)], [[1, 2, 3, 1]]),
        ([(1, 2), (2, 3), (3, 4), (4, 2)], [[1, 2, 3, 4, 2]]),
    ],
)
def test_the_steps_of_a_way_are_put_together_again(
    steps: list[tuple[int, int]], put_together: list[list[int]]
) -> None:
    assert list(trails(steps)) == put_together
