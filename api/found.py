"""What answering has found and decided before it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.arriving import Arrivals
from api.covering import Covering
from api.picture import Starts
from api.sending import Sending, Step
from api.supplying import Supplying
from routing.counterfactual import Counterfactual
from routing.dispatch import Candidates, Choice
from routing.fleet import FleetTravel
from routing.snapping import Snapped


@dataclass(frozen=True)
class Travelled:
    """How everybody of a kind travels, and what keeps each who cannot come off the road."""

    travel: FleetTravel
    hindrance: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a search found: where units start, the incident on the road, the ways of units, then of depots."""

    starts: Starts
    target: Snapped
    units: Travelled
    depots: Travelled
    arrivals: Arrivals


@dataclass(frozen=True)
class Chosen:
    """What was decided: who is listed, who goes, what comes, what that uncovers, and what would change it."""

    units: Candidates
    unit_choice: Choice
    depots: Candidates
    depot_choice: Choice
    sending: Sending
    escalation: Sequence[Step]
    supplying: Supplying
    covering: Covering
    unit_would: Mapping[int, Counterfactual]
    depot_would: Mapping[int, Counterfactual]
