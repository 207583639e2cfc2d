"""Grounds that last as long as a storm: a folder, a cluster, a staffed database, roads."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.opening import database_url, open_database
from api.settings import Settings
from data.cluster import stop
from tests.clusters import cluster_folder
from tests.river_town import import_river_town
from tests.storm.ground import ROADS, UNITS, Ground, free_port, staff


@contextmanager
def fresh_ground(seed: int, units: int = UNITS) -> Iterator[Ground]:
    """Lend a ground of its own, whose cluster may be killed; nothing of it stays."""
    with cluster_folder() as var:
        settings = Settings(var=var, roads=ROADS)
        import_river_town(settings.roads_root)
        try:
            with open_database(settings) as sessions:
                staff(sessions, units)
            ground = Ground(var, database_url(settings), free_port(), seed)
            ground.ledgers.mkdir()
            yield ground
        finally:
            stop(settings.cluster_directory)
