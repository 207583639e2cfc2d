"""``rescuegrid roads``, as a person types it."""

import json
from pathlib import Path

import pytest

from api.cli import main
from api.kept_roads import open_roads

TOWN = """<osm version='0.6'>
<node id='1' lon='11.0' lat='50'/><node id='2' lon='11.01' lat='50'/>
<node id='3' lon='11.02' lat='50'/><node id='4' lon='11.01' lat='50.01'/>
<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/>
<tag k='highway' v='primary'/><tag k='oneway' v='yes'/></way>
<way id='2'><nd ref='2'/><nd ref='4'/><nd ref='9'/><tag k='highway' v='service'/></way></osm>"""


def run(*arguments: str) -> int:
    """Run a command as the installed program does and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RESCUEGRID_VAR", raising=False)
    path = tmp_path / "little-town.osm"
    path.write_text(TOWN)
    return path


def test_a_town_is_imported_under_its_files_name_and_described(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("roads", "import", str(town)) == 0
    said = capsys.readouterr()
    assert said.out.startswith("little-town: 4 nodes, 4 junctions, 4 directed edges, 3 km (")
    assert "note: 1 roads run past the edge of the file" in said.err
    assert run("roads", "info", "--name", "little-town", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert {key: facts[key] for key in ("nodes", "junctions", "directed_edges", "components")} == {
        "nodes": 4,
        "junctions": 4,
        "directed_edges": 4,
        "components": 1,
    }
    assert facts["bounds"] == [11.0, 50.0, 11.02, 50.01]
    assert facts["kilometres"] == pytest.approx(2.546, abs=0.001)
    assert facts["licence"] == "ODbL 1.0, © OpenStreetMap contributors"
    assert facts["source"] == "little-town.osm"
    assert facts["metric_system"].startswith("+proj=tmerc")
    assert len(facts["hash"]) == 64
    assert facts["imported_at"].endswith("Z")


def test_the_table_for_people_holds_the_same_facts_whole(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("roads", "import", str(town), "--name", "town", "--licence", "mine [draft]")
    run("roads", "info", "--name", "town", "--json")
    facts = json.loads(capsys.readouterr().out.partition("\n")[2])
    run("roads", "info", "--name", "town")
    table = capsys.readouterr().out
    assert "mine [draft]" in table
    assert facts["hash"] in "".join(table.split())


def test_the_store_lies_where_the_option_or_the_environment_says(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("roads", "import", str(town), "--name", "a")
    run("roads", "import", str(town), "--name", "b", "--var", str(tmp_path / "there"))
    monkeypatch.setenv("RESCUEGRID_VAR", str(tmp_path / "elsewhere"))
    run("roads", "import", str(town), "--name", "c")
    assert open_roads(Path("var/roads"), "a").network.nodes == 4
    assert open_roads(tmp_path / "there" / "roads", "b").network.nodes == 4
    assert open_roads(tmp_path / "elsewhere" / "roads", "c").network.nodes == 4


def test_the_columns_of_a_layer_are_named_on_the_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"dir": "FT", "limit": "30 mph", "kind": "primary", "label": "Quay", "s": 60},
                "geometry": {"type": "LineString", "coordinates": [[11.0, 50.0], [11.01, 50.0]]},
            }
        ],
    }
    town.with_suffix(".geojson").write_text(json.dumps(layer))
    columns = ("--oneway-column=dir", "--speed-column=limit", "--seconds-column=s")
    words = ("--class-column=kind", "--name-column=label")
    assert run("roads", "import", "little-town.geojson", "--name=town", *columns, *words) == 0
    network = open_roads(Path("var/roads"), "town").network
    assert (network.directed_edges, network.forward_ms.tolist()) == (1, [60_000])
    assert network.street_names[network.street].tolist() == ["Quay"]
    assert network.class_names[network.road_class].tolist() == ["primary"]
    assert run("roads", "import", "little-town.geojson", "--speed-column=kmh") == 2
    assert "it has dir, limit, kind, label, s" in capsys.readouterr().err


NAMED_TOWN = TOWN.replace(
    "<tag k='highway' v='primary'/>",
    "<tag k='highway' v='primary'/><tag k='name' v='长江大道'/><tag k='name:en' v='Yangtze Avenue'/>",
)


def test_a_street_is_found_by_part_of_its_name(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town.write_text(NAMED_TOWN)
    run("roads", "import", str(town), "--name", "town")
    capsys.readouterr()
    assert run("roads", "find", "--name", "town", "yangtze") == 0
    assert capsys.readouterr().out == "11.01000,50.00000  street  长江大道 (Yangtze Avenue)\n"
    assert run("roads", "find", "--name", "town", "黄河") == 0
    assert capsys.readouterr().err == "town names nothing like '黄河'\n"


def test_a_gap_in_the_drawing_is_told_and_kept(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gap = "<node id='9' lon='11.005' lat='50.000005'/><node id='8' lon='11.005' lat='50.01'/></osm>"
    spur = "<way id='5'><nd ref='9'/><nd ref='8'/><tag k='highway' v='service'/></way>"
    town.write_text(TOWN.replace("<nd ref='9'/>", "").replace("</osm>", spur + gap))
    run("roads", "import", str(town), "--name", "town")
    assert "1 near misses: see roads info --name town --json" in capsys.readouterr().out
    run("roads", "info", "--name", "town", "--json")
    assert json.loads(capsys.readouterr().out)["near_misses"] == [[11.005, 50.000005]]


def test_info_counts_turns_barriers_and_limits(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limited = TOWN.replace("v='service'/>", "v='service'/><tag k='maxheight' v='3.2'/>")
    relation = (
        "<relation id='1'><member type='way' ref='1' role='from'/><member type='node' ref='3' role='via'/>"
        "<member type='way' ref='1' role='to'/><tag k='type' v='restriction'/>"
        "<tag k='restriction' v='no_u_turn'/></relation></osm>"
    )
    town.write_text(limited.replace("</osm>", relation))
    run("roads", "import", str(town), "--name", "town")
    capsys.readouterr()
    run("roads", "info", "--name", "town", "--json")
    facts = json.loads(capsys.readouterr().out)
    assert (facts["forbidden_turns"], facts["height_limits"], facts["barriers"]) == (1, 1, 0)
    run("roads", "info", "--name", "town")
    assert "1 height, 0 weight, 0 width" in capsys.readouterr().out


def test_two_extracts_make_one_network(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = TOWN.replace("<way id='1'>", "<way id='3'>").replace("lon='11.0'", "lon='10.9'")
    (town.parent / "more.osm").write_text(more)
    assert run("roads", "import", "little-town.osm", "more.osm", "--name", "both") == 0
    assert capsys.readouterr().out.startswith("both: 4 nodes")
    assert open_roads(Path("var/roads"), "both").facts.source == "little-town.osm + more.osm"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "nowhere.osm"), "rescuegrid: nowhere.osm: there is no such file\n"),
        (("import", "little-town.osm", "--name", "../x"), "is no name for a network"),
        (("import", "little-town.osm", "little-town.osm"), "name: several files make one network; name it"),
        (("info", "--name", "atlantis"), "there is no road network 'atlantis'"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_and_exit_code_2(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert town.exists()
    assert run("roads", *arguments) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("command", "example"),
    [("import", "import andorra"), ("info", "info --name andorra"), ("find", "find --name andorra")],
)
def test_help_teaches_with_examples(command: str, example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("roads", command, "--help") == 0
    assert f"rescuegrid roads {example}" in capsys.readouterr().out
