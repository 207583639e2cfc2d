"""By whose word each unit goes: ours are ordered, others are requested, with or without an agreement."""

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.picture import Board
from data.agreements import AgreementFacts, AuthorityFacts

OURS = 0
NOTHING_MORE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Request:
    """Whom a unit is requested from, and the agreement it comes under where one holds."""

    authority: AuthorityFacts
    agreement: AgreementFacts | None


@dataclass(frozen=True)
class Commanding:
    """By whose word each unit of a picture goes."""

    picture: Board

    def request(self, unit: int) -> Request | None:
        """Return whom a unit is requested from, by its position; None where it is ours and is ordered."""
        authority_id = int(self.picture.units.authority_id[unit])
        if authority_id == OURS:
            return None
        return Request(self._authorities[authority_id], self._agreement(authority_id, self._offers(unit)))

    def ready_s(self, turnout_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Return when each unit rolls.

        One under an agreement may take the time it was promised within, if its turnout is not longer; one
        requested without an agreement waits for the office that approves.
        """
        ready_s = turnout_s.copy()
        for unit in np.flatnonzero(self.picture.units.authority_id != OURS).tolist():
            ready_s[unit] = self.unit_ready_s(unit, float(turnout_s[unit]))
        return ready_s

    def unit_ready_s(self, unit: int, turnout_s: float, more: frozenset[str] = NOTHING_MORE) -> float:
        """Return when one unit rolls, if it offered more capabilities than it does."""
        authority_id = int(self.picture.units.authority_id[unit])
        if authority_id == OURS:
            return turnout_s
        agreement = self._agreement(authority_id, self._offers(unit) | more)
        if agreement is None:
            return turnout_s + self._authorities[authority_id].approval_s
        return max(turnout_s, agreement.mobilise_within_s)

    def consents_to_bare_site(self, unit: int) -> bool:
        """Whether an agreement lets a site send its last unit."""
        request = self.request(unit)
        return bool(request and request.agreement and request.agreement.consents_to_bare_site)

    def _agreement(self, authority_id: int, offers: Set[str]) -> AgreementFacts | None:
        """
        Return the agreement a unit comes under: one that holds for all it could be sent for.

        Where several share that out, the slowest is what can be counted on.
        """
        by_capability = {
            agreement.capability: agreement for agreement in self._in_force.get(authority_id, ())
        }
        holding = [by_capability.get(name, by_capability.get(None)) for name in sorted(offers)]
        if not holding:
            return by_capability.get(None)
        if None in holding:
            return None
        agreed = [agreement for agreement in holding if agreement is not None]
        return max(agreed, key=lambda agreement: agreement.mobilise_within_s)

    def _offers(self, unit: int) -> set[str]:
        """Return what a unit offers of what is needed, by certificates that hold."""
        columns = self.picture.need_columns[self._certified[unit, self.picture.need_columns] > 0]
        return {self.picture.read_capabilities[j] for j in columns.tolist()}

    @cached_property
    def _certified(self) -> NDArray[np.float64]:
        return self.picture.certified

    @cached_property
    def _authorities(self) -> dict[int, AuthorityFacts]:
        return {authority.id: authority for authority in self.picture.authorities}

    @cached_property
    def _in_force(self) -> dict[int, list[AgreementFacts]]:
        kind, today = self.picture.incident.kind, self.picture.today
        in_force: dict[int, list[AgreementFacts]] = {}
        for agreement in self.picture.agreements:
            if agreement.holds(today, kind):
                in_force.setdefault(agreement.authority_id, []).append(agreement)
        return in_force
