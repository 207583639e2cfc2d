"""The audit over HTTP: who changed what, when, from where, and what stood there before."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.http.dependencies import CentreDep
from api.http.incidents import LARGEST_ID
from api.http.registry import Limit
from data.audit import Change, changes_of, newest_changes
from data.database import transaction
from geo.errors import InvalidInputError

router = APIRouter(tags=["audit"])

Table = Annotated[
    str | None, Query(max_length=100, description="the table of a row", examples=["unit", "assignment"])
]
Row = Annotated[str | None, Query(max_length=200, description="its key; of several columns, joined by /")]
Before = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="of all rows: those before this one")]


class ChangeOut(BaseModel):
    """One change of one row, written by the database itself and never changed."""

    id: int
    at: datetime
    who: str
    source: str = Field(description="by what it was told: desk, radio, api")
    table: str
    row: str
    action: str = Field(description="insert, update or delete")
    old: dict[str, Any] | None = Field(description="what stood there: of an update, what differs")
    new: dict[str, Any] | None

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        """Say it."""
        return cls(
            id=change.id,
            at=change.at,
            who=change.who,
            source=change.source,
            table=change.table_name,
            row=change.row_key,
            action=change.action,
            old=None if change.old is None else dict(change.old),
            new=None if change.new is None else dict(change.new),
        )


@router.get("/audit")
def read_audit(
    centre: CentreDep, table: Table = None, row: Row = None, limit: Limit = 100, before: Before = None
) -> list[ChangeOut]:
    """Return the newest changes of all rows, the newest first; of one row all, the oldest first."""
    if (table is None) != (row is None):
        raise InvalidInputError("row", "a row is named by its table and its key: say both, or neither")
    with transaction(centre.sessions) as session:
        found = (
            newest_changes(session, limit, before) if table is None else changes_of(session, table, row or "")
        )
    return [ChangeOut.of(change) for change in found]
