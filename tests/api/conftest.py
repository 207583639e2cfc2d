"""The service on a river town, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.dispatching import Centre
from api.http.app import create_app
from api.live_roads import open_live_roads
from api.settings import Settings
from data.cluster import Cluster
from data.database import Sessions, open_engine, sessions_on
from data.registry import NewStock
from tests.api.life import Desk
from tests.databases import fresh_database
from tests.decision_town import Town
from tests.river_town import (
    AMPLE_S,
    EAST_STATION,
    ISLAND,
    NORTH_STREET,
    WEST_STATION,
    Posting,
    import_river_town,
    now,
    post,
    river_centre,
    store_depot,
)


@pytest.fixture(scope="module")
def centre(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Open a command centre whose registry holds one unit for each way to be listed or passed over."""
    post(
        sessions,
        Posting("west engine", "west", {"hazmat": 2, "rescue": 6}),
        Posting("west medics", "west", {"medical": 3}),
        Posting("east engine", "east", {"hazmat": 3, "rescue": 6}),
        Posting("broken engine", "north", {"hazmat": 3}, in_service=False),
        Posting("pump", "north", {"pumping": 40}),
        Posting("island crew", "island", {"rescue": 4}),
        Posting("field crew", "field", {"rescue": 4}),
        Posting(
            "patrol", "west", {"rescue": 2}, position=NORTH_STREET, position_at=now() - timedelta(minutes=40)
        ),
        Posting(
            "time traveller",
            "north",
            {"rescue": 2},
            position=NORTH_STREET,
            position_at=now() + timedelta(hours=1),
        ),
    )
    store_depot(
        sessions, "west depot", WEST_STATION, NewStock(item="sorbent", unit_of_measure="t", quantity=0.4)
    )
    store_depot(
        sessions, "east depot", EAST_STATION, NewStock(item="sorbent", unit_of_measure="kg", quantity=300)
    )
    store_depot(
        sessions, "empty depot", NORTH_STREET, NewStock(item="sorbent", unit_of_measure="kg", quantity=0)
    )
    store_depot(
        sessions, "island depot", ISLAND, NewStock(item="sorbent", unit_of_measure="kg", quantity=900)
    )
    return river_centre(sessions, Path(tmp_path_factory.mktemp("var")))


@pytest.fixture(scope="module")
def client(centre: Centre) -> Iterator[TestClient]:
    """Talk to the service."""
    with TestClient(create_app(centre)) as talking:
        yield talking


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Import the roads of the river town once."""
    settings = Settings(
        var=tmp_path_factory.mktemp("var"),
        roads="river",
        database_url="postgresql://not/used",
        choice_time_limit_s=AMPLE_S,
    )
    import_river_town(settings.roads_root)
    return settings


@pytest.fixture
def desk(migrated: Cluster, river: Settings) -> Iterator[Desk]:
    """Sit down in an empty town with a database of its own: what was sent stays on the record."""
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        centre = Centre(sessions_on(engine), open_live_roads(river.roads_root, "river"), river)
        with TestClient(create_app(centre)) as client:
            yield Desk(Town(centre), client)
        engine.dispose()


@pytest.fixture(scope="module")
def towns(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open a command centre for towns that come and go; at the end every answer it gave is replayed."""
    town = Town(river_centre(sessions, tmp_path_factory.mktemp("var")))
    yield town
    town.empty()
    town.replay_all()


@pytest.fixture
def town(towns: Town) -> Town:
    """Return a town without anybody in it."""
    towns.empty()
    return towns
