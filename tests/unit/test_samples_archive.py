import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from data.samples.archive import (
    WUHAN,
    PinnedFile,
    RoadArchive,
    SampleUnavailableError,
    wuhan_roads,
)

ROADS = b"the roads of a very small town"
MEMBER = "smalltown-1.0/data/roads.parquet"
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """\
from pathlib import Path

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = Path(metadata_directory, "smalltown-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: smalltown\\nVersion: 1.0\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\n")
    return info.name
"""


def pinned(name: str, content: bytes) -> PinnedFile:
    return PinnedFile(name, len(content), hashlib.sha256(content).hexdigest())


def packed(roads: bytes = ROADS, member: str = MEMBER) -> bytes:
    """Pack a source distribution that needs nothing but itself to be read by pip."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as package:
        for name, content in (
            ("smalltown-1.0/pyproject.toml", PROJECT.encode()),
            ("smalltown-1.0/backend.py", BACKEND.encode()),
            (member, roads),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def archive_of(content: bytes) -> RoadArchive:
    return RoadArchive(
        package="smalltown",
        version="1.0",
        file=pinned("smalltown-1.0.tar.gz", content),
        member=MEMBER,
        roads=pinned("roads.parquet", ROADS),
    )


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lend the only folder that pip looks for packages in."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_roads_are_fetched_once_and_then_found_without_pip(shelf: Path, tmp_path: Path) -> None:
    content = packed()
    on_shelf = shelf / "smalltown-1.0.tar.gz"
    on_shelf.write_bytes(content)

    roads = wuhan_roads(tmp_path / "cache", archive_of(content))
    assert roads.read_bytes() == ROADS

    on_shelf.unlink()
    assert wuhan_roads(tmp_path / "cache", archive_of(content)) == roads
    assert sorted(path.name for path in roads.parent.iterdir()) == ["roads.parquet", "smalltown-1.0.tar.gz"]


@pytest.mark.usefixtures("shelf")
def test_what_cannot_be_fetched_is_told_in_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SampleUnavailableError, match=r"smalltown==1\.0") as told:
        wuhan_roads(tmp_path / "cache", archive_of(packed()))
    assert str(told.value).endswith("`make demo TOWN=generated` runs on a generated town instead")
    assert "\n" not in str(told.value)
    assert list((tmp_path / "cache").iterdir()) == []


def test_another_archive_under_the_same_name_and_version_is_refused(shelf: Path, tmp_path: Path) -> None:
    changed = packed(b"roads that somebody changed")
    (shelf / "smalltown-1.0.tar.gz").write_bytes(changed)
    with pytest.raises(SampleUnavailableError, match=hashlib.sha256(changed).hexdigest()):
        wuhan_roads(tmp_path / "cache", archive_of(packed()))
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_archive_that_was_put_into_the_cache_by_hand_needs_no_pip(tmp_path: Path) -> None:
    content = packed()
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content)
    assert wuhan_roads(tmp_path, archive_of(content)).read_bytes() == ROADS


def test_a_truncated_archive_is_refused_by_its_size(tmp_path: Path) -> None:
    content = packed()
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content[:-1])
    with pytest.raises(SampleUnavailableError, match=f"{len(content) - 1} bytes instead of {len(content)}"):
        wuhan_roads(tmp_path, archive_of(content))
    assert not (tmp_path / "roads.parquet").exists()


def test_an_archive_with_one_changed_byte_is_refused_by_its_hash(tmp_path: Path) -> None:
    content = packed()
    changed = content[:-1] + bytes([content[-1] ^ 1])
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(changed)
    with pytest.raises(SampleUnavailableError, match=hashlib.sha256(changed).hexdigest()):
        wuhan_roads(tmp_path, archive_of(content))


def test_a_changed_road_file_is_put_right_from_the_archive(tmp_path: Path) -> None:
    content = packed()
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content)
    (tmp_path / "roads.parquet").write_bytes(ROADS[:-1])
    assert wuhan_roads(tmp_path, archive_of(content)).read_bytes() == ROADS


def test_other_roads_in_the_right_archive_are_refused(tmp_path: Path) -> None:
    content = packed(b"the roads of another town")
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content)
    with pytest.raises(SampleUnavailableError, match="25 bytes instead of 30"):
        wuhan_roads(tmp_path, archive_of(content))
    assert [path.name for path in tmp_path.iterdir()] == ["smalltown-1.0.tar.gz"]


def test_an_archive_without_the_road_file_is_refused(tmp_path: Path) -> None:
    content = packed(member="smalltown-1.0/elsewhere.parquet")
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content)
    with pytest.raises(SampleUnavailableError, match=f"holds no file {MEMBER}"):
        wuhan_roads(tmp_path, archive_of(content))


def test_what_is_no_archive_is_refused_even_with_the_right_hash(tmp_path: Path) -> None:
    content = b"<html>please log in</html>"
    (tmp_path / "smalltown-1.0.tar.gz").write_bytes(content)
    with pytest.raises(SampleUnavailableError, match="could not be fetched"):
        wuhan_roads(tmp_path, archive_of(content))


def test_a_cache_that_is_a_file_is_named(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("not a folder")
    with pytest.raises(FileExistsError, match="cache"):
        wuhan_roads(cache, archive_of(packed()))


def test_wuhan_is_pinned_to_one_archive() -> None:
    assert WUHAN.file.name == f"{WUHAN.package}-{WUHAN.version}.tar.gz"
    assert WUHAN.member.startswith(f"{WUHAN.package}-{WUHAN.version}/")
    assert [len(file.sha256) for file in (WUHAN.file, WUHAN.roads)] == [64, 64]
