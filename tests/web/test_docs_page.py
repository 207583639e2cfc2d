"""The documentation in a browser, served as in a command centre without internet."""

import json
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Locator, expect

from api.http.app import create_app
from api.http.docs_vendor import PACKAGES
from data.database import Sessions
from tests.river_town import river_centre
from tests.web.conftest import Watched

VERSION = PACKAGES[0].version


@pytest.fixture(scope="module")
def origin(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a river town on a free port of this machine."""
    app = create_app(river_centre(sessions, tmp_path_factory.mktemp("var")))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        serving.join()


def operation(watched: Watched, verb: str, path: str) -> Locator:
    return watched.page.locator(f".opblock-{verb}", has=watched.page.locator(f"[data-path='{path}']"))


def test_the_operations_are_listed_with_nothing_asked_of_others(watched: Watched, origin: str) -> None:
    watched.page.goto(f"{origin}/docs")
    expect(watched.page).to_have_title("RescueGrid: the interface")
    expect(operation(watched, "post", "/incidents")).to_be_visible()
    expect(operation(watched, "get", "/incidents/{incident_id}/map")).to_be_visible()
    expect(operation(watched, "get", "/depots")).to_be_visible()
    assert [url.removeprefix(origin) for url in watched.requests if not url.startswith("data:")] == [
        "/docs",
        f"/docs/assets/{VERSION}/swagger-ui.css",
        f"/docs/assets/{VERSION}/swagger-ui-bundle.js",
        "/openapi.json",
    ]


def test_the_example_of_a_call_is_shown_and_can_be_sent_as_it_stands(watched: Watched, origin: str) -> None:
    watched.page.goto(f"{origin}/docs")
    report = operation(watched, "post", "/incidents")
    report.locator(".opblock-summary-control").click()
    expect(report.locator(".body-param__example")).to_contain_text('"kind": "chemical-leak"')
    report.get_by_role("button", name="Try it out").click()
    call = json.loads(report.locator("textarea").input_value())
    assert (call["kind"], call["substance"], call["severity"]) == ("chemical-leak", "chlorine", 2)
    report.get_by_role("button", name="Execute").click()
    expect(report.locator(".live-responses-table .response .response-col_status")).to_have_text("201")


def test_a_link_cannot_make_the_page_show_another_service(watched: Watched, origin: str) -> None:
    watched.page.goto(f"{origin}/docs?url=https://elsewhere.example/openapi.json")
    expect(operation(watched, "post", "/incidents")).to_be_visible()
