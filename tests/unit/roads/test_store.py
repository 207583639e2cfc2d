"""Networks kept on disk: they come back bit for bit, or are refused in a sentence."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.roads import store
from data.roads.store import RoadFacts, RoadStoreError, RoadsToStore
from geo.errors import InvalidInputError
from routing.network import RoadNetwork
from tests.towns import main_road

FACTS = RoadFacts(
    metric_system=main_road(60).metric_system,
    source="town.osm",
    source_sha256="ab" * 32,
    licence="ODbL 1.0",
    nodes=2,
    junctions=2,
    directed_edges=2,
    components=1,
    kilometres=1.0,
    bounds=(114.3, 30.6, 114.4, 30.7),
    assumptions=(),
    warnings=("a river was left out",),
    forbidden_turns=0,
    barriers=0,
    height_limits=0,
    weight_limits=0,
    width_limits=0,
    names=1,
    near_miss_count=1,
    near_misses=((114.31, 30.61),),
)
NAMES = pd.DataFrame(
    [("street", "长江大道", "长江大道", "Yangtze Avenue", 114.3, 30.6)],
    columns=["kind", "name", "name_zh", "name_en", "lon", "lat"],
)


def kept(network: RoadNetwork) -> RoadsToStore:
    return RoadsToStore(network.arrays, FACTS, NAMES)


def versions(root: Path, name: str) -> list[Path]:
    return sorted(path for path in (root / name).iterdir() if path.is_dir())


def test_a_network_comes_back_bit_for_bit_with_what_is_known_of_it(tmp_path: Path) -> None:
    network = main_road(60, 30)
    saved = store.save(tmp_path, "town", kept(network))
    arrays, known = store.load(tmp_path, "town")
    again = RoadNetwork.from_arrays(arrays, known.metric_system)
    for name, array in network.arrays.items():
        assert arrays[name].dtype == array.dtype
        assert again.arrays[name].tobytes() == array.tobytes()
    assert known == saved
    assert (known.source, known.licence, known.warnings) == (FACTS.source, FACTS.licence, FACTS.warnings)


def test_the_arrays_of_a_loaded_network_are_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    store.save(tmp_path, "town", kept(main_road(60)))
    arrays, _ = store.load(tmp_path, "town")
    assert isinstance(arrays["point_lon"], np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        arrays["point_lon"][0] = 0


def test_the_same_roads_stored_twice_are_one_version_with_its_first_time(tmp_path: Path) -> None:
    first = store.save(tmp_path, "town", kept(main_road(60)))
    again = store.save(tmp_path, "town", kept(main_road(60)))
    assert again == first
    assert len(versions(tmp_path, "town")) == 1


def test_the_same_roads_have_one_hash_wherever_they_are_stored(tmp_path: Path) -> None:
    here = store.save(tmp_path / "here", "town", kept(main_road(60)))
    there = store.save(tmp_path / "there", "village", kept(main_road(60)))
    assert here.hash == there.hash


def test_a_newer_network_becomes_current_and_the_older_stays(tmp_path: Path) -> None:
    old = store.save(tmp_path, "town", kept(main_road(60)))
    arrays, _ = store.load(tmp_path, "town")
    new = store.save(tmp_path, "town", kept(main_road(90)))
    assert store.load(tmp_path, "town")[1].hash == new.hash != old.hash
    assert len(versions(tmp_path, "town")) == 2
    assert arrays["forward_ms"].tolist() == [60_000]


def test_an_older_network_is_loaded_by_its_whole_hash(tmp_path: Path) -> None:
    old = store.save(tmp_path, "town", kept(main_road(60)))
    store.save(tmp_path, "town", kept(main_road(90)))
    arrays, known = store.load(tmp_path, "town", old.hash)
    assert (known, arrays["forward_ms"].tolist()) == (old, [60_000])


def test_a_hash_that_no_version_has_is_refused(tmp_path: Path) -> None:
    only = store.save(tmp_path, "town", kept(main_road(60)))
    for other in ("ab" * 32, only.hash[:16] + "0" * 48):
        with pytest.raises(RoadStoreError, match=f"no version {other[:16]} of the roads of town is kept"):
            store.load(tmp_path, "town", other)


def test_an_older_network_stored_again_becomes_current_again(tmp_path: Path) -> None:
    old = store.save(tmp_path, "town", kept(main_road(60)))
    store.save(tmp_path, "town", kept(main_road(90)))
    assert store.save(tmp_path, "town", kept(main_road(60))) == old
    assert store.load(tmp_path, "town")[1] == old


def test_another_licence_is_another_version(tmp_path: Path) -> None:
    store.save(tmp_path, "town", kept(main_road(60)))
    store.save(tmp_path, "town", replace(kept(main_road(60)), facts=replace(FACTS, licence=None)))
    assert store.load(tmp_path, "town")[1].licence is None


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    assert sorted(path.name for path in (tmp_path / "town").iterdir()) == [stored.hash[:16], "current"]


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


DAMAGES = pytest.mark.parametrize("damage", [flip_a_bit, cut_short, Path.unlink])


@DAMAGES
def test_a_damaged_file_is_found_and_named(tmp_path: Path, damage: object) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    path = tmp_path / "town" / stored.hash[:16] / "length_m.npy"
    assert callable(damage)
    damage(path)
    with pytest.raises(RoadStoreError, match=r"length_m\.npy was lost or changed since it was stored"):
        store.load(tmp_path, "town")


@DAMAGES
def test_storing_the_roads_again_mends_a_damaged_version(tmp_path: Path, damage: object) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    assert callable(damage)
    damage(tmp_path / "town" / stored.hash[:16] / "length_m.npy")
    store.save(tmp_path, "town", kept(main_road(60)))
    assert store.load(tmp_path, "town")[1].hash == stored.hash


def test_names_come_back_with_their_network_and_count_in_its_hash(tmp_path: Path) -> None:
    first = store.save(tmp_path, "town", kept(main_road(60)))
    pd.testing.assert_frame_equal(store.load_names(tmp_path, "town"), NAMES)
    other = replace(kept(main_road(60)), names=NAMES.assign(name="长江路"))
    assert store.save(tmp_path, "town", other).hash != first.hash
    assert store.load_names(tmp_path, "town")["name"].tolist() == ["长江路"]


@DAMAGES
def test_a_damaged_gazetteer_is_found_and_named(tmp_path: Path, damage: object) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    assert callable(damage)
    damage(tmp_path / "town" / stored.hash[:16] / "gazetteer.parquet")
    for load in (store.load, store.load_names):
        with pytest.raises(RoadStoreError, match=r"gazetteer\.parquet was lost or changed"):
            load(tmp_path, "town")


def test_a_changed_fact_is_found(tmp_path: Path) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    path = tmp_path / "town" / stored.hash[:16] / "manifest.json"
    path.write_text(path.read_text().replace("ODbL 1.0", "CC0"))
    with pytest.raises(RoadStoreError, match=r"manifest\.json was changed"):
        store.load(tmp_path, "town")


def test_a_manifest_that_is_no_json_and_one_of_another_form_are_refused(tmp_path: Path) -> None:
    stored = store.save(tmp_path, "town", kept(main_road(60)))
    path = tmp_path / "town" / stored.hash[:16] / "manifest.json"
    path.write_text(json.dumps({"schema_version": 99, "colour": "red"}))
    with pytest.raises(RoadStoreError, match="stored in form 99, this program reads 4"):
        store.load(tmp_path, "town")
    path.write_text("{")
    with pytest.raises(RoadStoreError, match="cannot be read"):
        store.load(tmp_path, "town")


def test_imports_of_the_same_roads_at_the_same_time_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as at_once:
        runs = [at_once.submit(store.save, tmp_path, "town", kept(main_road(60))) for _ in range(8)]
        hashes = {run.result().hash for run in runs}
    assert hashes == {store.load(tmp_path, "town")[1].hash}
    assert len(versions(tmp_path, "town")) == 1


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "roads").write_text("a file stands where the folder should")
    with pytest.raises(RoadStoreError, match="roads/town cannot be written: Not a directory"):
        store.save(tmp_path / "roads", "town", kept(main_road(60)))


@pytest.mark.parametrize("content", [b"../../elsewhere", b"", b"\xff"])
def test_a_pointer_to_no_version_is_refused(tmp_path: Path, content: bytes) -> None:
    store.save(tmp_path, "town", kept(main_road(60)))
    (tmp_path / "town" / "current").write_bytes(content)
    with pytest.raises(RoadStoreError, match="names no version"):
        store.load(tmp_path, "town")


def test_an_unknown_name_is_answered_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(RoadStoreError, match="there is none; import one"):
        store.load(tmp_path, "wuhan")
    for name in ("shiyan", "andorra"):
        store.save(tmp_path, name, kept(main_road(60)))
    with pytest.raises(RoadStoreError, match=r"no road network 'wuhan' .* there is andorra, shiyan"):
        store.load(tmp_path, "wuhan")


@pytest.mark.parametrize("name", ["", ".", "..", "../town", "a/b", "a b", "/etc", "武汉", "x" * 65])
def test_a_name_that_could_leave_the_store_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match="use letters, digits, - and _"):
        store.save(tmp_path, name, kept(main_road(60)))
    with pytest.raises(InvalidInputError, match="use letters, digits, - and _"):
        store.load(tmp_path, name)
    assert list(tmp_path.iterdir()) == []
