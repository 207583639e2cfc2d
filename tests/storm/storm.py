"""A storm: clients at work, blows falling, everything killed taken up again, until the work is done."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from os import kill
from signal import SIGINT, SIGKILL

from data.cluster import ensure_running
from geo.errors import RescueError
from tests.storm.ground import Ground
from tests.storm.ledger import Entry, Outcome, Progress, entries_in
from tests.storm.weather import Blow, Target, Violence, forecast, kill_backend, kill_postmaster
from tests.storm.workers import WORKER_DIED, Post, Trade, run_client, run_service

LOOK_EVERY_S = 0.02
PATIENCE_S = 900.0
KILLED, ENDED = -SIGKILL, 0
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "tests.storm.workers"])


class BecalmedError(RescueError):
    """Clients that do nothing any more."""


@dataclass(frozen=True)
class Plan:
    """How much work is done by whom, and what is killed meanwhile."""

    entries: int
    crew: tuple[tuple[Trade, int], ...]
    violence: Violence

    def posts(self) -> list[Post]:
        """Return every client's place."""
        return [Post(trade, number) for trade, count in self.crew for number in range(1, count + 1)]


@dataclass
class Seen:
    """
    What a storm left.

    Attributes
    ----------
    entries : list of Entry
        What clients were told.
    blows : list of Blow
        What fell; a kill of a client that was dead already is not counted.
    ended : list of str
        Clients that ended otherwise than by a blow.
    seconds : float
    """

    entries: list[Entry] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> int:
        """Return how many entries had an outcome."""
        return sum(one.outcome == outcome for one in self.entries)

    def kinds(self, outcome: Outcome) -> Counter[str]:
        """Return how many entries of an outcome there are of each kind."""
        return Counter(one.what for one in self.entries if one.outcome == outcome)

    def killed(self, target: Target) -> int:
        """Return how often something was killed."""
        return sum(blow.target == target for blow in self.blows)


def report(seen: Seen) -> str:
    """Return in a few words what a storm saw."""
    outcomes = ", ".join(f"{seen.count(outcome)} {outcome}" for outcome in Outcome)
    blows = ", ".join(f"{target} {seen.killed(target)} times" for target in Target)
    return f"{outcomes}; killed {blows}; {seen.seconds:.0f} s"


class Storm:
    """The processes of a storm and what befalls them."""

    def __init__(self, ground: Ground, plan: Plan) -> None:
        self._ground, self._plan, self.seen = ground, plan, Seen()
        self._lives: Counter[Post] = Counter()
        self._clients: dict[Post, ForkServerProcess] = {}
        self._service: ForkServerProcess | None = None

    def rage(self) -> Seen:
        """Let it rage until the work is done and every blow has fallen, then let everybody end."""
        begun, progress = time.monotonic(), Progress(self._ground.ledgers)
        coming = forecast(self._ground.seed, self._plan.entries, self._plan.violence)
        try:
            while coming or progress.told() < self._plan.entries:
                self._take_up()
                while coming and progress.told() >= coming[0].after:
                    self._fall(coming.pop(0))
                self._refuse_to_wait(begun)
                time.sleep(LOOK_EVERY_S)
        finally:
            self._end()
        self.seen.seconds = time.monotonic() - begun
        self.seen.entries = list(entries_in(self._ground.ledgers))
        return self.seen

    def _take_up(self) -> None:
        """Start whoever is not there."""
        for post in self._plan.posts():
            client = self._clients.get(post)
            if client is None or not client.is_alive():
                if client is not None and client.exitcode != KILLED:
                    self.seen.ended.append(f"{post} ended by itself with {client.exitcode}")
                self._lives[post] += 1
                self._clients[post] = _started(run_client, self._ground, post, self._lives[post])
        if self._calls() and (self._service is None or not self._service.is_alive()):
            if self._service is not None and self._service.exitcode == WORKER_DIED:
                self.seen.ended.append("a worker of the service died")
            self._service = _started(run_service, self._ground)

    def _calls(self) -> bool:
        return any(trade == Trade.CALLER for trade, _ in self._plan.crew)

    def _fall(self, blow: Blow) -> None:
        """Let a blow fall, and start the database again where it was the database's."""
        cluster = self._ground.settings.cluster_directory
        match blow.target:
            case Target.CLIENT:
                posts = self._plan.posts()
                fell = _killed(self._clients[posts[int(blow.lot * len(posts))]])
            case Target.SERVICE:
                fell = self._service is not None and _killed(self._service)
            case Target.BACKEND:
                fell = kill_backend(cluster, blow.lot)
            case Target.POSTMASTER:
                fell = kill_postmaster(cluster)
                ensure_running(cluster)
        if fell:
            self.seen.blows.append(blow)

    def _end(self) -> None:
        self._ground.calm.touch()
        for post, client in self._clients.items():
            client.join(PATIENCE_S)
            if client.exitcode not in (ENDED, KILLED):
                self.seen.ended.append(f"{post} ended with {client.exitcode}")
                client.kill()
        if self._service is not None and self._service.pid is not None:
            kill(self._service.pid, SIGINT)
            self._service.join(PATIENCE_S)

    def _refuse_to_wait(self, begun: float) -> None:
        if time.monotonic() - begun > PATIENCE_S:
            raise BecalmedError(f"after {PATIENCE_S:g} s the clients have not done their work")


def _started(work: Callable[..., None], *told: object) -> ForkServerProcess:
    process = FORKS.Process(target=work, args=told, daemon=True)
    process.start()
    return process


def _killed(process: ForkServerProcess) -> bool:
    alive = process.is_alive()
    process.kill()
    process.join()
    return alive
