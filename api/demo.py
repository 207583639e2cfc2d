"""The demonstration: a city is loaded, one incident is reported, and the answer is written down."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import exists, select

from api.answer import Answer, read_answer
from api.dispatching import Centre, answer_call, kept_answer
from api.live_roads import LiveRoads
from api.mapping import save_answer_map
from api.needs import NeedsAsked
from api.opening import open_centre
from api.roadworks import import_roads
from api.settings import Settings
from data.audit import speaking_as
from data.database import Sessions, transaction
from data.models import RescueBase
from data.registry import NewIncident
from data.roads import store
from data.roads.layer_columns import LayerColumns
from data.roads.store import RoadStoreError
from data.samples.archive import wuhan_roads
from data.samples.city import make_city, seed_city
from data.samples.generated_town import write_generated_town
from geo.errors import RescueError
from geo.places import Place

Say = Callable[[str], None]
FIELDS = Settings.model_fields
SPOT = Place(114.295, 30.595)
NOT_IMPORTED = ""
CALLER, SOURCE = "demonstration", "api"


class Town(StrEnum):
    """The towns the demonstration can play in."""

    WUHAN = "wuhan"
    GENERATED = "generated"


@dataclass(frozen=True)
class Shown:
    """What the demonstration made."""

    answer: Answer
    map_file: Path
    answer_file: Path


def settings_for(
    town: Town, var: Path, host: str = FIELDS["host"].default, port: int = FIELDS["port"].default
) -> Settings:
    """Return the settings of a town's demonstration; each town has a private database of its own."""
    database = "rescuegrid" if town is Town.WUHAN else f"rescuegrid_{town}"
    return Settings(var=var, roads=town.value, database=database, host=host, port=port)


@contextmanager
def demo_centre(town: Town, settings: Settings, say: Say) -> Iterator[Centre]:
    """Ready a town's roads and registry, open its command centre, and let go of it at the end."""
    ready_roads(town, settings, say)
    with open_centre(settings) as centre:
        ready_registry(centre.sessions, centre.roads, say)
        yield centre


def ready_roads(town: Town, settings: Settings, say: Say) -> None:
    """Import the town's roads unless exactly these are there already."""
    file, columns, licence = _road_file(town, settings.var, say)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if _imported_from(settings) != digest:
        say(f"importing the roads of {town} from {file.name}")
        import_roads(file, settings.roads, settings.roads_root, columns, licence)


def ready_registry(sessions: Sessions, roads: LiveRoads, say: Say) -> None:
    """Fill an empty registry with made-up bases, teams, units, depots and hazard sources, all marked so."""
    network = roads.network
    with transaction(sessions) as session:
        if session.scalar(select(exists().where(RescueBase.id.is_not(None)))):
            return
        say("filling the empty registry with made-up resources, all marked synthetic")
        speaking_as(session, CALLER, SOURCE)
        seed_city(session, make_city(network.node_lon, network.node_lat, now=datetime.now(UTC)))


def play(centre: Centre, folder: Path, say: Say) -> Shown:
    """Report one incident, and write the answer and its map into a folder."""
    reported = answer_call(_call(), NeedsAsked(), centre)
    if reported.number is None:
        raise RescueError(
            f"incident {reported.incident_id} is recorded but has no answer: {reported.why_none}"
        )
    said = kept_answer(reported.incident_id, reported.number, centre)
    shown = Shown(read_answer(said), folder / "incident.html", folder / "incident.json")
    folder.mkdir(parents=True, exist_ok=True)
    shown.answer_file.write_text(said, encoding="utf-8")
    save_answer_map(shown.answer, centre, shown.map_file)
    say(f"recorded incident {reported.incident_id} and its recommendation {reported.number}")
    return shown


def _call() -> NewIncident:
    return NewIncident(
        kind="chemical-leak",
        severity=2,
        place=SPOT,
        substance="氯 chlorine",
        reported_at=datetime.now(UTC),
        reported_by=CALLER,
        synthetic=True,
    )


def _road_file(town: Town, var: Path, say: Say) -> tuple[Path, LayerColumns, str]:
    if town is Town.WUHAN:
        say("checking the road data of Wuhan, fetched once")
        columns = LayerColumns(road_class="highway", from_node="u", to_node="v")
        return wuhan_roads(var / "downloads"), columns, "© OpenStreetMap contributors, ODbL 1.0"
    file = var / "downloads" / "generated-town.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_generated_town(file)
    return file, LayerColumns(road_class="highway", oneway="oneway", name="name"), "generated, public domain"


def _imported_from(settings: Settings) -> str:
    with suppress(RoadStoreError):
        _, stored = store.load(settings.roads_root, settings.roads)
        return stored.source_sha256
    return NOT_IMPORTED
