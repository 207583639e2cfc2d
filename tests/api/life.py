"""A desk in the room: short ways to report, dispatch and log over HTTP, in a little town."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.testclient import TestClient
from sqlalchemy import select

from data.database import transaction
from data.models import Event, Unit
from tests.api.test_incidents import Json
from tests.decision_town import Town
from tests.river_town import QUAY


@dataclass(frozen=True)
class Desk:
    """Somebody at a keyboard; everything said is said as ``Li`` unless another name is given."""

    town: Town
    client: TestClient

    def get(self, path: str) -> Json:
        """Read something that is there."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    def each(self, path: str) -> list[Json]:
        """Read a list that is there."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        found: list[Json] = response.json()
        return found

    def post(self, path: str, body: Json, **headers: str) -> Json:
        """Write something that is taken."""
        response = self.client.post(path, json=body, headers=headers)
        assert response.status_code < 300, response.text
        found: Json = response.json()
        return found

    def call(self, need: str | None, supply: str | None = None, **changes: object) -> Json:
        """Return a leak at the quay as it is reported."""
        call = {
            "kind": "chemical-leak",
            "severity": 2,
            "lon": QUAY.lon,
            "lat": QUAY.lat,
            "reported_by": "desk",
        }
        return {**call, "need": need, "supply": supply, **changes}

    def report(self, need: str | None, supply: str | None = None, **changes: object) -> int:
        """Report a leak at the quay and return its number."""
        number: int = self.post("/incidents", self.call(need, supply, **changes))["id"]
        return number

    def dispatch(self, incident: int, who: str = "Li", **body: object) -> Json:
        """Confirm a dispatch."""
        return self.post(f"/incidents/{incident}/dispatch", {"who": who, **body})

    def step(self, assignment: int, to: str, who: str = "Li", **body: object) -> Json:
        """Log a step."""
        return self.post(f"/assignments/{assignment}/steps", {"who": who, "to": to, **body})

    def refused(self, path: str, body: Json) -> tuple[int, str]:
        """Ask for what cannot be, and return the status and the reason."""
        response = self.client.post(path, json={"who": "Li", **body})
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["detail"][0]["reason"]

    def unit(self, name: str) -> int:
        """Return the number of a unit."""
        with transaction(self.town.centre.sessions) as session:
            return session.scalars(select(Unit.id).where(Unit.name == name)).one()

    def events(self, incident: int) -> Sequence[Json]:
        """Return what happened to an incident, in the order it was entered."""
        with transaction(self.town.centre.sessions) as session:
            rows = session.scalars(select(Event).where(Event.incident_id == incident).order_by(Event.id))
            return [
                {
                    "kind": row.kind,
                    "who": row.who,
                    "source": row.source,
                    "detail": row.detail,
                    "at": row.at,
                    "happened_at": row.happened_at,
                    "assignment": row.assignment_id,
                }
                for row in rows
            ]

    def kinds(self, incident: int) -> list[str]:
        """Return the kinds of what happened to an incident, in the order it was entered."""
        return [event["kind"] for event in self.events(incident)]
