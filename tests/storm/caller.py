"""A desk elsewhere, which knows the service only by HTTP and remembers what it was told."""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from data.samples.chance import Chance
from geo.errors import RescueError
from tests.river_town import QUAY
from tests.storm.choosing import happens, one_of, some_units
from tests.storm.ground import HOST
from tests.storm.ledger import ANYBODY, Entry, Outcome, acknowledged
from tests.storm.steps_known import what_follows

PATIENCE_S = 30.0
ENOUGH = 2
"""A caller that remembers fewer incidents than this reports another one."""
HALF = 0.5
CREATED, OK = 201, 200
LOST = 503
REFUSALS = (404, 409, 422)


class ServiceLostError(RescueError):
    """The service did not answer, or answered that its database is away: nobody knows what it did."""


class ServiceRefusedError(RescueError):
    """The service refused, and said why."""


class UnexpectedAnswerError(RescueError):
    """An answer that no request should be given."""


@dataclass
class Caller:
    """Somebody who reports, dispatches and steps over HTTP."""

    port: int
    chance: Chance
    incidents: list[int] = field(default_factory=list)
    out: dict[int, str] = field(default_factory=dict)
    connection: HTTPConnection | None = None

    def act(self, who: str) -> list[Entry]:
        """Do one thing and return what was said of it."""
        if len(self.incidents) < ENOUGH:
            return self.report(who)
        return one_of(DEEDS if self.out else DEEDS[:1], self.chance)(self, who)

    def report(self, who: str) -> list[Entry]:
        """Report an incident."""
        place = {"lon": QUAY.lon, "lat": QUAY.lat}
        said = self._ask("/incidents", {"kind": "fire", "severity": 2, "reported_by": who, **place})
        self.incidents.append(said["id"])
        return [acknowledged("incident.reported", said["id"], who)]

    def dispatch(self, who: str) -> list[Entry]:
        """Send two units by their numbers, whether they are free or not."""
        incident = self._one_of_ours()
        units = some_units(self.chance, 2)
        body = {"who": who, "units": units, "order": happens(self.chance, HALF)}
        said = self._ask(f"/incidents/{incident}/dispatch", body)
        self.incidents.append(incident)
        self.out |= {one["id"]: one["state"] for one in said["claimed"]}
        return [
            *(_stands(one) for one in said["claimed"]),
            *(Entry(Outcome.TAKEN, "unit", one["unit"], who) for one in said["taken"]),
        ]

    def step(self, who: str) -> list[Entry]:
        """Log what a unit does."""
        assignment, state = self._one_who_is_out()
        to = self.chance.pick(what_follows("assignment")[state])
        said = self._ask(f"/assignments/{assignment}/steps", {"who": who, "source": "radio", "to": to})
        if said["closed_at"] is None:
            self.out[assignment] = said["state"]
        return [_stands(said)]

    def divert(self, who: str) -> list[Entry]:
        """Send a unit to another incident."""
        (assignment, _), incident = self._one_who_is_out(), self._one_of_ours()
        said = self._ask(f"/assignments/{assignment}/divert", {"who": who, "incident": incident})
        self.incidents.append(incident)
        self.out[said["id"]] = said["state"]
        return [_stands(said)]

    def close(self, who: str) -> list[Entry]:
        """Close an incident, finished or not."""
        incident = self._one_of_ours()
        self._ask(f"/incidents/{incident}/close", {"who": who})
        return [acknowledged("incident.closed", incident, ANYBODY)]

    def merge(self, who: str) -> list[Entry]:
        """Merge an incident into another of ours, with all it has."""
        incident, into = self._one_of_ours(), self._one_of_ours()
        self._ask(f"/incidents/{incident}/merge", {"who": who, "into": into})
        self.incidents.append(into)
        return [acknowledged("incident.merged", incident, ANYBODY)]

    def _one_of_ours(self) -> int:
        """Forget one incident, to remember it again when it turns out to stand."""
        return self.incidents.pop(self.chance.whole(0, len(self.incidents) - 1))

    def _one_who_is_out(self) -> tuple[int, str]:
        """Forget one assignment, to remember it again as it turns out to be."""
        assignment = self.chance.pick(sorted(self.out))
        return assignment, self.out.pop(assignment)

    def _ask(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        """Post a request, and return what was said when it was done."""
        try:
            connection = self._connected()
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            status, content = response.status, response.read()
        except (OSError, HTTPException) as error:
            self._hang_up()
            raise ServiceLostError(f"{path}: {error}") from error
        if status == LOST:
            raise ServiceLostError(f"{path}: {content.decode()}")
        if status in REFUSALS:
            raise ServiceRefusedError(f"{path}: {status}")
        if status not in (OK, CREATED):
            raise UnexpectedAnswerError(f"{path}: {status} {content.decode()[:500]}")
        said: dict[str, Any] = json.loads(content)
        return said

    def _connected(self) -> HTTPConnection:
        if self.connection is None:
            self.connection = HTTPConnection(HOST, self.port, timeout=PATIENCE_S)
        return self.connection

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


DEEDS = (
    (Caller.dispatch, 40),
    (Caller.step, 50),
    (Caller.divert, 5),
    (Caller.close, 3),
    (Caller.merge, 2),
)


def _stands(one: dict[str, Any]) -> Entry:
    """Return that an assignment has a state, and who brought it there."""
    return acknowledged(f"assignment.{one['state']}", one["id"], one["state_by"])
