"""Blows that fall on a storm's processes: which, and after how much work, follows from the seed alone."""

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from data.cluster_home import home_of
from data.samples.chance import Chance


class Target(StrEnum):
    """What is killed."""

    CLIENT = "a client"
    SERVICE = "the service"
    BACKEND = "a process of the database"
    POSTMASTER = "the database"


@dataclass(frozen=True)
class Blow:
    """A ``kill -9`` of something, once clients have so many entries; ``lot`` says which of several."""

    after: int
    target: Target
    lot: float


@dataclass(frozen=True)
class Violence:
    """How many blows of each kind fall."""

    clients: int
    services: int
    backends: int
    postmasters: int

    def targets(self) -> list[Target]:
        """Return what is killed, in no order."""
        return [
            *[Target.CLIENT] * self.clients,
            *[Target.SERVICE] * self.services,
            *[Target.BACKEND] * self.backends,
            *[Target.POSTMASTER] * self.postmasters,
        ]


def forecast(seed: int, entries: int, violence: Violence) -> list[Blow]:
    """Return the blows of a storm of so many entries, in the order in which they fall."""
    chance = Chance(seed, "blows")
    return sorted(
        (
            Blow(chance.whole(entries // 20, entries), target, chance.between(0, 1))
            for target in violence.targets()
        ),
        key=lambda blow: blow.after,
    )


def kill_postmaster(cluster: Path) -> bool:
    """Kill the server of a cluster, leaving its children behind; false where none runs."""
    pid = _postmaster(cluster)
    return pid is not None and _killed(pid)


def kill_backend(cluster: Path, lot: float) -> bool:
    """Kill one of the processes that serve the clients of a cluster; false where there is none."""
    postmaster = _postmaster(cluster)
    serving = sorted(_backends(postmaster)) if postmaster is not None else []
    return bool(serving) and _killed(serving[int(lot * len(serving))])


def _postmaster(cluster: Path) -> int | None:
    try:
        return int((home_of(cluster).pgdata / "postmaster.pid").read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None


def _backends(postmaster: int) -> list[int]:
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _serves(process, postmaster)
    ]


def _serves(process: Path, postmaster: int) -> bool:
    """Whether a process is a child of the server that talks to a client over the socket."""
    try:
        parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == postmaster and "[local]" in (process / "cmdline").read_text()
    except (OSError, ValueError):
        return False


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
