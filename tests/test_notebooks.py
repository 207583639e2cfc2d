"""The notebooks are run from top to bottom, and committed as nobody has run them yet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from ipykernel.kernelspec import write_kernel_spec
from nbclient import NotebookClient
from nbformat import NotebookNode
from sqlalchemy import func, select

from data.cluster import Cluster
from data.database import open_engine, sessions_on, transaction
from data.models import Incident
from tests.conftest import REPOSITORY
from tests.databases import fresh_database

FOLDER = REPOSITORY / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FORMAT = 4
LONGEST_CELL_S = 600
read: Callable[[Path, int], NotebookNode] = nbformat.read

each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory, wuhan_file: Path) -> Path:
    """Make a folder for the product's files, of which only the roads of Wuhan are there yet."""
    downloads = tmp_path_factory.mktemp("var") / "downloads"
    downloads.mkdir()
    (downloads / wuhan_file.name).symlink_to(wuhan_file)
    return downloads.parent


@pytest.fixture
def database_url(migrated: Cluster) -> Iterator[str]:
    """Give the address of an empty registry."""
    with fresh_database(migrated) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the kernel ``python3`` this interpreter, and keep a person's own Jupyter settings out of it."""
    write_kernel_spec(tmp_path / "kernels" / "python3")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@each_notebook
def test_a_notebook_runs_from_top_to_bottom_without_a_warning_and_records_no_incident(
    notebook: Path, var: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESCUEGRID_VAR", str(var))
    monkeypatch.setenv("DATABASE_URL", database_url)
    place = {"metadata": {"path": str(FOLDER)}}
    ran = NotebookClient(
        read(notebook, FORMAT), timeout=LONGEST_CELL_S, kernel_name="python3", resources=place
    ).execute()
    assert _warnings(ran) == []
    assert _incidents(database_url) == 0


@each_notebook
def test_a_notebook_is_committed_without_what_it_showed_when_it_last_ran(notebook: Path) -> None:
    cells = read(notebook, FORMAT).cells
    assert [cell.id for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def _warnings(ran: NotebookNode) -> list[str]:
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    return [output.text for output in outputs if output.get("name") == "stderr"]


def _incidents(database_url: str) -> int | None:
    engine = open_engine(database_url)
    with transaction(sessions_on(engine)) as session:
        count = session.scalar(select(func.count(Incident.id)))
    engine.dispose()
    return count
