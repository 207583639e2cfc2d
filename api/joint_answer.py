"""The answer to several incidents at once."""

from pydantic import Field

from api.answer_base import Said, Words
from api.answer_choice import ChoiceSaid


class GainSaid(Said):
    """What taking a unit that is bound to another incident would gain here; a person decides."""

    unit: int
    name: str
    bound_to: int = Field(description="the incident it is bound to")
    gains: list[Words]


class JointIncidentSaid(Said):
    """One of the incidents, and which units go to it."""

    incident: int
    kind: str
    severity: int
    choice: ChoiceSaid
    preempting: list[GainSaid]


class JointAnswer(Said):
    """Several incidents, each unit sent to one of them: the more severe choose first."""

    incidents: list[JointIncidentSaid]
