import hashlib
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.http.docs_vendor import FOLDER, PACKAGES, main
from api.http.incidents import CallIn
from data.database import open_engine, sessions_on
from geo.maps.shipped import AssetError, read_manifest, verify_folder
from tests.river_town import river_centre

NOBODY_LISTENS = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
ADDRESSES = re.compile(r'(?:src|href)="(?!data:)([^"]+)"')


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Build the service of a town whose database cannot be reached."""
    engine = open_engine(NOBODY_LISTENS)
    yield create_app(river_centre(sessions_on(engine), tmp_path_factory.mktemp("var")))
    engine.dispose()


@pytest.fixture(scope="module")
def reader(service: FastAPI) -> TestClient:
    return TestClient(service)


def test_the_page_is_there_while_the_database_is_gone(reader: TestClient) -> None:
    page = reader.get("/docs")
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert "<title>RescueGrid: the interface</title>" in page.text


def test_every_address_in_the_page_is_relative_so_it_also_works_below_a_path(service: FastAPI) -> None:
    outside = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    outside.mount("/centre", service)
    reader = TestClient(outside)
    page = reader.get("/centre/docs")
    addresses = ADDRESSES.findall(page.text)
    assert len(addresses) == 3
    assert [address for address in addresses if ":" in address or address.startswith("/")] == []
    assert [reader.get(urljoin("/centre/docs", address)).status_code for address in addresses] == [200] * 3


def test_the_page_may_ask_nobody_but_its_own_service(reader: TestClient) -> None:
    rules = reader.get("/docs").headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in rules
    assert "connect-src 'self'" in rules
    assert "unsafe" not in " ".join(rules)
    assert "http" not in " ".join(rules)


def test_the_pages_that_would_ask_the_internet_are_gone(reader: TestClient) -> None:
    assert reader.get("/redoc").status_code == 404
    assert reader.get("/docs/oauth2-redirect").status_code == 404


def test_the_files_are_served_as_recorded_and_kept_by_the_browser(reader: TestClient) -> None:
    assets = read_manifest(files("api.http") / "docs_assets")
    for asset in assets:
        served = reader.get(f"/docs/assets/{asset.version}/{asset.path.removeprefix('swagger-ui-dist/')}")
        assert hashlib.sha256(served.content).hexdigest() == asset.sha256
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_that_is_not_shipped_is_not_found_and_that_is_not_kept(reader: TestClient) -> None:
    [package] = PACKAGES
    missing = reader.get(f"/docs/assets/{package.version}/swagger-ui.js")
    assert missing.status_code == 404
    assert "cache-control" not in missing.headers


def test_the_shipped_files_are_the_pinned_ones_with_their_licence(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--check"])
    assert "matches" in capsys.readouterr().out
    [package] = PACKAGES
    assets = read_manifest(files("api.http") / "docs_assets")
    assert {(asset.package, asset.version, asset.licence) for asset in assets} == {
        (package.name, package.version, package.licence)
    }
    assert "swagger-ui-dist/LICENSE" in {asset.path for asset in assets}


def test_an_altered_file_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    copy = tmp_path / "docs_assets"
    shutil.copytree(FOLDER, copy)
    with (copy / "swagger-ui-dist" / "swagger-ui.css").open("a") as style:
        style.write(" ")
    with pytest.raises(AssetError, match=r"swagger-ui\.css differs .*: run python -m api\.http\.docs_vendor"):
        verify_folder(copy, "python -m api.http.docs_vendor")


def test_the_example_of_a_call_is_one_the_service_takes(reader: TestClient) -> None:
    described = reader.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    body = described["paths"]["/incidents"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/CallIn"}
    [example] = described["components"]["schemas"]["CallIn"]["examples"]
    assert CallIn.model_validate(example).call().kind == "chemical-leak"


def test_the_documentation_does_not_list_itself(reader: TestClient) -> None:
    paths = reader.get("/openapi.json").json()["paths"]
    assert [path for path in paths if path.startswith("/docs")] == []
