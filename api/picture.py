"""Everything an answer rests on, read at one moment, and where everybody starts from."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from api.needs import Needs
from api.situations import Situation
from data.agreements import AgreementFacts, AuthorityFacts
from data.candidates import NONE_ID, DepotColumns, StockColumns, UnitColumns
from data.graded_sources import Site, SourceColumns, StandardFacts
from data.incidents import IncidentFacts
from data.models import AssignmentState

EPOCH = date(1970, 1, 1)
UNDER_WAY = (AssignmentState.EN_ROUTE.value, AssignmentState.ON_SCENE.value)


@dataclass(frozen=True)
class Board:
    """
    The incident, its needs and everybody who might help: who goes is chosen from these, by road times.

    ``read_capabilities`` names the columns of what units offer: what is needed, and what standards ask for.
    """

    incident: IncidentFacts
    site: Site | None
    needs: Needs
    read_capabilities: tuple[str, ...]
    units: UnitColumns
    depots: DepotColumns
    stock: StockColumns
    authorities: tuple[AuthorityFacts, ...]
    agreements: tuple[AgreementFacts, ...]
    sources: SourceColumns
    standards: tuple[StandardFacts, ...]
    read_at: datetime
    time_zone: str

    @property
    def local(self) -> datetime:
        """The moment by the local clock: certificates and stock expire, and crews sleep, by it."""
        return self.read_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def need_columns(self) -> NDArray[np.int64]:
        """Which column of what units offer each need looks at."""
        return np.array(
            [self.read_capabilities.index(need.name) for need in self.needs.capabilities], dtype=np.int64
        )

    @property
    def lapsed(self) -> NDArray[np.bool_]:
        """Which certificates have expired, shape (units, capabilities read); the last day still counts."""
        return self.units.valid_until_day < (self.today - EPOCH).days

    @property
    def certified(self) -> NDArray[np.float64]:
        """What units offer that no expired certificate takes away, shape (units, capabilities read)."""
        return np.where(self.lapsed, 0.0, self.units.offered)

    @property
    def busy_here(self) -> NDArray[np.bool_]:
        """Which units this very incident has already: they go whatever is chosen."""
        here: NDArray[np.bool_] = (self.units.busy_with == self.incident.id) & self.busy
        return here

    @property
    def busy_elsewhere(self) -> NDArray[np.bool_]:
        """Which units another incident has."""
        elsewhere: NDArray[np.bool_] = self.busy & ~self.busy_here
        return elsewhere

    @property
    def under_way(self) -> NDArray[np.bool_]:
        """Which of the units it has already have left, or are there."""
        left: NDArray[np.bool_] = self.busy_here & np.isin(self.units.busy_state, UNDER_WAY)
        return left

    @property
    def on_scene(self) -> NDArray[np.bool_]:
        """Which of the units it has already are there, wherever they were last seen."""
        there: NDArray[np.bool_] = self.busy_here & (self.units.busy_state == AssignmentState.ON_SCENE)
        return there

    @property
    def busy(self) -> NDArray[np.bool_]:
        """Which units any incident has."""
        busy: NDArray[np.bool_] = self.units.busy_with != NONE_ID
        return busy

    @property
    def today(self) -> date:
        """The local day."""
        return self.local.date()


@dataclass(frozen=True)
class Picture(Board):
    """The board and the roads as they are, read in one transaction."""

    situation: Situation


@dataclass(frozen=True)
class Starts:
    """
    Where units start from: the last position, or the base where it is unknown or dated in the future.

    Who is at the incident starts from there, whether or not a device says so.

    Attributes
    ----------
    lon, lat : float64, shape (units,)
        WGS84 degrees.
    from_fix : bool, shape (units,)
        Whether that is the last position.
    age_s : float64, shape (units,)
        How old the last position is; negative when dated in the future, nan where none is known.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    from_fix: NDArray[np.bool_]
    age_s: NDArray[np.float64]


def unit_starts(picture: Picture, clock_tolerance_s: float) -> Starts:
    """Return where each unit starts from."""
    units = picture.units
    there, place = picture.on_scene, picture.incident.place
    age_s = np.where(there, 0.0, picture.read_at.timestamp() - units.position_at_s)
    from_fix = age_s >= -clock_tolerance_s
    return Starts(
        lon=np.where(there, place.lon, np.where(from_fix, units.lon, units.base_lon)),
        lat=np.where(there, place.lat, np.where(from_fix, units.lat, units.base_lat)),
        from_fix=from_fix,
        age_s=age_s,
    )
