"""How what each source needs fares with everybody within reach: the product's own choice, at every source."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.candidacy import ByRoad, unit_candidates
from api.commanding import Commanding
from api.offering import Residual, offering, residual
from api.picture import Board, Starts
from api.settings import Settings
from api.stock import past_date, usable_now
from api.survey.ground import ReachByRoad, SurveyGround
from routing.dispatch import Candidates, Rules, listed
from routing.survey import Standing, Stock, SupplyStanding, standings, supply_standings


@dataclass(frozen=True)
class SourceStanding:
    """How what a source needs fares, and when the first who helps is there."""

    capabilities: tuple[Standing, ...]
    supplies: tuple[SupplyStanding, ...]
    first_s: float

    @property
    def all(self) -> tuple[Standing | SupplyStanding, ...]:
        """Capabilities and supplies."""
        return (*self.capabilities, *self.supplies)

    @property
    def gaps(self) -> int:
        """For how many of them something is missing."""
        return sum(one.missing > 0 for one in self.all)


@dataclass(frozen=True)
class Surveyor:
    """Judges one source after the other."""

    ground: SurveyGround
    reach: ReachByRoad
    within_s: float
    settings: Settings

    def standing(self, i: int) -> SourceStanding | None:
        """Return how a source fares, None where nobody knows what it needs."""
        board = self.ground.board(i)
        if board is None:
            return None
        commanding = Commanding(board)
        kept = residual(board, commanding)
        units = self._candidates(board, commanding.ready_s(board.units.turnout_s), kept, i)
        needs = board.needs.capabilities
        come = listed(needs, units, Rules(self.settings.snap_limit_m, self.settings.clock_tolerance_s))
        offered = offering(board, units, come, kept, self.settings)
        return SourceStanding(
            standings(needs, units.counted(needs)[offered.rows], offered.offers, offered.rules),
            supply_standings(board.needs.supply_requirements, self._stock(board, i), self.within_s),
            float(units.arrival_s[come].min(initial=np.inf)),
        )

    def _candidates(self, board: Board, ready_s: NDArray[np.float64], kept: Residual, i: int) -> Candidates:
        """Return the units at their bases; who would be there too late does not come at all."""
        units, travel_s = board.units, self.reach.unit_s[:, i]
        in_time = np.where(ready_s + travel_s <= self.within_s, travel_s, np.inf)
        at_base = np.zeros(len(units.id), dtype=np.bool_)
        starts = Starts(units.base_lon, units.base_lat, at_base, np.full(len(units.id), np.nan))
        by_road = ByRoad(self.reach.unit_off_m, in_time, ("",) * len(units.id))
        return unit_candidates(board, starts, by_road, ready_s, kept)

    def _stock(self, board: Board, i: int) -> Stock:
        depots, stock, now = board.depots, board.stock, usable_now(board)
        later, later_s = np.zeros_like(now), np.full(now.shape, np.inf)
        made = ~past_date(board) & (stock.available_after_s > 0) & (np.nan_to_num(stock.quantity) > 0)
        where = stock.depot[made], stock.item[made]
        np.add.at(later, where, stock.quantity[made])
        np.minimum.at(later_s, where, stock.available_after_s[made])
        arrive_s = depots.loading_s + self.reach.depot_s[:, i]
        return Stock(arrive_s, depots.delivers, now, later, later_s)
