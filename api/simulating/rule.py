"""The product's own rule of dispatch, answering the calls of a simulation: nobody but the rule chooses."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.answering import rules_of
from api.candidacy import ByRoad, unit_candidates
from api.commanding import Commanding
from api.offering import Offering, Residual, offering, residual
from api.picture import Board
from api.sending import send
from api.simulating.fleet import Fleet
from api.simulating.town import Town
from api.siting.sites import able as holding
from data.candidates import FREE, NONE_ID
from data.models import AssignmentState
from routing.dispatch import Candidates, able, listed
from routing.doubt import turnout_now
from routing.simulation import Calls, Order, Sent, Standing
from routing.together import Together

ELSEWHERE = -1
"""The incident of everybody who is out on another call."""
HOUR_S, HOURS = 3600.0, 24
NOBODY_MORE = Sent((), np.inf)
Memory = dict[tuple[object, ...], Together]


@dataclass
class ProductRule:
    """
    Answers each call as ``make_answer`` would, given who is free, and says nothing about it.

    Candidates are tested, sites keep their last guard, and who goes together is chosen by the very functions
    that an answer is made of; only the search is replaced by one matrix of road times, which gives the same
    seconds. A choice made already for the same offers is taken from memory, since it is a function of them
    alone. A call that waits is sent more only where that leaves less missing of something and more of
    nothing.

    Attributes
    ----------
    memory : dict
        Choices made so far; plans that are compared share it.
    unproved : int
        How many choices were cut short by time: a run that has any may come out otherwise elsewhere.
    """

    town: Town
    fleet: Fleet
    calls: Calls
    memory: Memory = field(default_factory=dict)
    unproved: int = 0
    _missing: dict[int, NDArray[np.float64]] = field(default_factory=dict, init=False)
    _helping: dict[tuple[int, int], NDArray[np.bool_]] = field(default_factory=dict, init=False)

    def send(self, call: int, standing: Standing) -> Sent:
        """Choose who goes in addition to those that a call has."""
        offered = self.offering(call, standing)
        chosen = self._chosen(call, offered)
        if not self._leaves_less(call, chosen):
            return NOBODY_MORE
        return Sent(
            tuple(
                self._order(call, offered, at)
                for at in chosen.sent.tolist()
                if int(offered.rows[at]) not in standing.engaged
            ),
            float(chosen.met_at_s.max()),
        )

    def helps(self, call: int, unit: int) -> bool:
        """Whether a unit offers anything that the call's plan asks for."""
        key = int(self.calls.kind[call]), int(self.town.spots.grade[self.calls.place[call]])
        if key not in self._helping:
            everybody = Standing(0.0, np.ones(len(self.fleet.units.id), dtype=np.bool_), {})
            board = self.board(call, everybody)
            units, _ = self._tested(board, call, everybody)
            self._helping[key] = able(board.needs.capabilities, units)
        return bool(self._helping[key][unit])

    def board(self, call: int, standing: Standing) -> Board:
        """Return the board as the product would read it at the moment of a call."""
        board = self.town.board_of(int(self.calls.place[call]), int(self.calls.kind[call]), call)
        busy_with = np.where(standing.free, NONE_ID, ELSEWHERE)
        busy_state = np.where(standing.free, FREE, AssignmentState.EN_ROUTE.value).astype(np.object_)
        busy_with[list(standing.engaged)] = board.incident.id or NONE_ID
        units = replace(self.fleet.units, busy_with=busy_with, busy_state=busy_state)
        return replace(board, units=units)

    def offering(self, call: int, standing: Standing) -> Offering:
        """Return who could go and what is wanted of them."""
        board, settings = self.board(call, standing), self.town.settings
        units, kept = self._tested(board, call, standing)
        come = listed(board.needs.capabilities, units, rules_of(settings))
        return offering(board, units, come, kept, settings)

    def _tested(self, board: Board, call: int, standing: Standing) -> tuple[Candidates, Residual]:
        commanding, fleet = Commanding(board), self.fleet
        kept = residual(board, commanding)
        hour = int(standing.now_s // HOUR_S) % HOURS
        turnout = turnout_now(fleet.units.turnout_s, fleet.units.staffing.tolist(), hour)
        ready_s = commanding.ready_s(turnout.p50_s)
        travel_s = fleet.drive_s[int(self.calls.place[call])].copy()
        for unit, arrived_s in standing.engaged.items():
            ready_s[unit], travel_s[unit] = 0.0, max(arrived_s - standing.now_s, 0.0)
        by_road = ByRoad(fleet.off_m, travel_s, ("",) * len(travel_s))
        return unit_candidates(board, fleet.starts, by_road, ready_s, kept), kept

    def _chosen(self, call: int, offered: Offering) -> Together:
        offers = offered.offers
        columns = (offers.id, offers.arrival_s, offers.always, offers.group, offers.group_limit)
        key = (
            int(self.calls.kind[call]),
            int(self.town.spots.grade[self.calls.place[call]]),
            *(column.tobytes() for column in columns),
        )
        if key not in self.memory:
            self.memory[key] = send(offered).together
        chosen = self.memory[key]
        self.unproved += not chosen.proved
        return chosen

    def _leaves_less(self, call: int, chosen: Together) -> bool:
        """Whether a choice is the first for a call, or less is missing of something and more of nothing."""
        before = self._missing.get(call)
        if before is not None and not ((chosen.missing <= before).all() and (chosen.missing < before).any()):
            return False
        self._missing[call] = chosen.missing
        return True

    def _order(self, call: int, offered: Offering, at: int) -> Order:
        unit, spot = int(offered.rows[at]), int(self.calls.place[call])
        helps = bool((offered.offers.share[at] > 0).any())
        drive_s, back_s = float(self.fleet.drive_s[spot, unit]), float(self.fleet.back_s[spot, unit])
        return Order(
            unit=unit,
            turnout_s=max(float(offered.offers.arrival_s[at]) - drive_s, 0.0),
            drive_s=drive_s,
            scene_s=float(self.calls.scene_s[call]),
            back_s=back_s if np.isfinite(back_s) else drive_s,
            capable=helps,
            counts=self._counts(unit) and (helps or self._asks_for is not None),
        )

    def _counts(self, unit: int) -> bool:
        """Whether a unit drives and holds what the standard asks for, where it asks for anything."""
        standard = self.town.standard
        if standard is None:
            return True
        drives = standard.vehicle_profile in (None, self.fleet.units.vehicle_profile[unit])
        return drives and (standard.capability is None or bool(self._holds[unit]))

    @property
    def _asks_for(self) -> str | None:
        standard = self.town.standard
        return None if standard is None else standard.capability

    @cached_property
    def _holds(self) -> NDArray[np.bool_]:
        """Which units hold what the standard asks for."""
        column = self.town.board.read_capabilities.index(self._asks_for or "")
        level = self.town.standard.capability_level if self.town.standard else 0.0
        return holding(self.fleet.units, column, level, self.town.board.today)
