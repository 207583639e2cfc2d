"""Files that cannot be written are refused before the work, not after it."""

from pathlib import Path

import pandas as pd
import pytest
from pyogrio import write_dataframe

from tests.api.planning import refused, use
from tests.decision_town import Crew, Town, up_mill_road
from tests.river_town import QUAY

WITH_LAYERS = ("coverage", "site", "clauses", "survey")
ASKED = (
    ("coverage", "--seconds", 600),
    ("critical-links", "--seconds", 600),
    ("site", "--new", 1, "--seconds", 600),
    ("clauses",),
    ("survey",),
)


@pytest.fixture(autouse=True)
def settled(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    use(town, monkeypatch)
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)


@pytest.mark.parametrize("asked", ASKED, ids=[asked[0] for asked in ASKED])
def test_a_map_without_a_folder_is_refused_before_anything_is_worked_out(
    asked: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = asked
    nowhere = tmp_path / "nowhere"
    said = refused(capsys, str(command), *options, "--map", nowhere / "map.html")
    assert said == f"rescuegrid: map: there is no folder {nowhere}\n"
    said = refused(capsys, str(command), *options, "--map", tmp_path)
    assert said == f"rescuegrid: map: {tmp_path} is a folder; name a file in it\n"


@pytest.mark.parametrize(
    "asked", [one for one in ASKED if one[0] != "critical-links"], ids=lambda one: one[0]
)
def test_layers_without_a_folder_are_refused_before_anything_is_worked_out(
    asked: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = asked
    nowhere = tmp_path / "nowhere"
    said = refused(capsys, str(command), *options, "--out", nowhere / "layers.gpkg")
    assert said == f"rescuegrid: out: there is no folder {nowhere}\n"


@pytest.mark.parametrize(
    "asked",
    [
        ("coverage", "--seconds", 600, "--population"),
        ("coverage", "--seconds", 600, "--districts"),
        ("critical-links", "--structures"),
        ("site", "--seconds", 600, "--no-map", "--candidates"),
        ("clauses", "--exits"),
    ],
)
def test_a_table_without_geometries_is_no_layer(
    asked: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = asked
    file = tmp_path / "table.gpkg"
    write_dataframe(pd.DataFrame({"id": ["a"], "name": ["a"], "population": [3]}), file, layer="table")
    said = refused(capsys, str(command), *options, file)
    assert said == f"rescuegrid: {file}: it is a table without geometries; give a layer that has some\n"
