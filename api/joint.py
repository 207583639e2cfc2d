"""Several incidents at once: each unit to one of them, and what taking a bound one would gain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.answer_base import Words
from api.answering import Tested, search, tested_units
from api.commanding import Commanding
from api.dispatching import Centre, picture_of_recorded
from api.found import Found
from api.joint_answer import GainSaid, JointAnswer, JointIncidentSaid
from api.needs import NeedsAsked, label
from api.offering import NO_GROUP, Offering, only, residual
from api.picture import Picture
from api.saying_choice import label_zh, say_choice
from api.sending import sending_of
from api.situations import AS_IT_IS
from data.assignments import busy_units
from data.candidates import FREE, NONE_ID
from data.database import transaction
from geo.errors import InvalidInputError
from routing.joint import Incident, choose_jointly
from routing.offers import Offers
from routing.preempting import Gain, gain_of_preempting
from routing.together import Together

FEWEST = 2
MOST = 20


@dataclass(frozen=True)
class _Case:
    """One of the incidents: what is known of it, what free units could do for it, and what bound ones."""

    picture: Picture
    found: Found
    tested: Tested
    free: Offering
    bound: Offering
    kept_at: tuple[str, ...]

    @property
    def incident(self) -> Incident:
        return Incident(self.free.offers, self.free.demand, self.picture.incident.severity, self.kept_at)


def recommend_jointly(incident_ids: Sequence[int], bound: Mapping[int, int], centre: Centre) -> JointAnswer:
    """
    Choose for several recorded incidents together; nothing is kept.

    The more severe choose first, those of one severity jointly. Units sent already, and those said to be
    ``bound`` (unit to incident), go nowhere else; what taking each would gain is said, and a person decides.
    Those that one of the incidents has count for it.

    Raises
    ------
    InvalidInputError
        When fewer than two incidents are named, too many, one twice, or a bound unit is not in the registry.
    """
    if len(set(incident_ids)) < len(incident_ids) or not FEWEST <= len(incident_ids) <= MOST:
        raise InvalidInputError("incidents", f"name {FEWEST} to {MOST} incidents, each once")
    bound = {**_sent_already(centre), **bound}
    cases = [_case(incident_id, bound, centre) for incident_id in incident_ids]
    _refuse_unknown(bound, cases[0].picture)
    together = choose_jointly([case.incident for case in cases], cases[0].free.rules)
    sent = [set(case.free.offers.id[one.sent].tolist()) for case, one in zip(cases, together, strict=True)]
    return JointAnswer(
        incidents=[
            _said(incident_id, case, one, _gains(case, set().union(*sent[:k], *sent[k + 1 :])), bound)
            for k, (incident_id, case, one) in enumerate(zip(incident_ids, cases, together, strict=True))
        ]
    )


def _sent_already(centre: Centre) -> dict[int, int]:
    """Return the incident that each unit sent already is bound to."""
    with transaction(centre.sessions) as session:
        return {unit: incident for unit, (incident, _) in busy_units(session).items()}


def _case(incident_id: int, bound: Mapping[int, int], centre: Centre) -> _Case:
    picture = _as_if_free(picture_of_recorded(incident_id, NeedsAsked(), AS_IT_IS, centre))
    found = search(picture, centre.settings)
    tested = tested_units(picture, found, centre.settings)
    offers = tested.offering.offers
    is_bound = np.isin(offers.id, list(bound)) & ~np.isin(offers.id, picture.units.id[picture.busy_here])
    return _Case(
        picture,
        found,
        tested,
        _part(tested.offering, _without(offers, is_bound), ~is_bound),
        _part(tested.offering, only(offers, np.flatnonzero(is_bound)), is_bound),
        residual(picture, Commanding(picture)).site,
    )


def _as_if_free(picture: Picture) -> Picture:
    """Return the picture with those whom other incidents have tested as if they had not."""
    units, taken = picture.units, picture.busy_elsewhere
    free = replace(
        units,
        busy_with=np.where(taken, NONE_ID, units.busy_with),
        busy_state=np.where(taken, FREE, units.busy_state),
    )
    return replace(picture, units=free)


def _part(whole: Offering, offers: Offers, rows: NDArray[np.bool_]) -> Offering:
    return replace(whole, rows=whole.rows[rows], offers=offers)


def _without(offers: Offers, gone: NDArray[np.bool_]) -> Offers:
    """Return the offers of those who are not gone; the sites the others are gone from have fewer to spare."""
    spared = np.bincount(offers.group[gone & (offers.group != NO_GROUP)], minlength=len(offers.group_limit))
    return replace(
        only(offers, np.flatnonzero(~gone)), group_limit=np.maximum(offers.group_limit - spared, 0)
    )


def _refuse_unknown(bound: Mapping[int, int], picture: Picture) -> None:
    unknown = sorted(set(bound) - set(picture.units.id.tolist()))
    if unknown:
        raise InvalidInputError("bound", f"there is no unit {unknown[0]}")


def _gains(case: _Case, elsewhere: set[int]) -> tuple[Gain, ...]:
    """Return what each bound unit would gain beside those that are free and sent nowhere else."""
    left = _without(case.free.offers, np.isin(case.free.offers.id, list(elsewhere)))
    return gain_of_preempting(left, case.free.demand, case.bound.offers, case.free.rules)


def _said(
    incident_id: int, case: _Case, together: Together, gains: Sequence[Gain], bound: Mapping[int, int]
) -> JointIncidentSaid:
    incident = case.picture.incident
    sending = sending_of(case.free, together)
    return JointIncidentSaid(
        incident=incident_id,
        kind=incident.kind,
        severity=incident.severity,
        choice=say_choice(case.picture, case.tested.units, case.found.arrivals, sending, ()),
        preempting=[_gain(case, gain, bound) for gain in gains],
    )


def _gain(case: _Case, gain: Gain, bound: Mapping[int, int]) -> GainSaid:
    unit = int(case.bound.rows[gain.position])
    unit_id = int(case.picture.units.id[unit])
    return GainSaid(
        unit=unit_id,
        name=case.picture.units.name[unit],
        bound_to=bound[unit_id],
        gains=list(_words(case, gain)),
    )


def _words(case: _Case, gain: Gain) -> Sequence[Words]:
    said = []
    for need, sooner_s, less in zip(
        case.picture.needs.capabilities, gain.sooner_s, gain.less_missing, strict=True
    ):
        if less > 0:
            said.append(
                Words(en=f"{label(need)}: {less:g} less missing", zh=f"{label_zh(need)}：少缺{less:g}")
            )
        elif np.isfinite(sooner_s) and round(float(sooner_s)):
            later = sooner_s < 0
            en = f"{label(need)}: {abs(sooner_s):.0f} s {'later' if later else 'sooner'}"
            zh = f"{label_zh(need)}：{'晚' if later else '早'}{abs(sooner_s):.0f}秒"
            said.append(Words(en=en, zh=zh))
    return said
