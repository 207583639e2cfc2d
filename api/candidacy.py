"""The units and depots of a picture as the choice wants them: what counts, what does not, and why not."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from api.offering import NO_GROUP, Residual
from api.picture import EPOCH, Board, Picture, Starts
from api.stock import usable_now, withheld_stock
from data.candidates import FREE
from geo.places import Place, geodesic_m
from routing import reasons
from routing.dispatch import Candidates
from routing.reasons import Failure, Share


@dataclass(frozen=True)
class ByRoad:
    """How candidates reach the incident: distance from the road, road time (``inf``: never), and why not."""

    off_m: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    hindrance: tuple[str, ...]


def unit_candidates(
    picture: Board, starts: Starts, by_road: ByRoad, ready_s: NDArray[np.float64], kept: Residual
) -> Candidates:
    """Return the units as the choice wants them."""
    units = picture.units
    return Candidates(
        id=units.id,
        ready_s=ready_s,
        travel_s=by_road.travel_s,
        off_m=by_road.off_m,
        straight_m=_straight_m(starts.lon, starts.lat, picture.incident.place),
        offered=picture.certified[:, picture.need_columns],
        level=units.level[:, picture.need_columns],
        in_service=units.in_service,
        ahead_s=np.nan_to_num(-starts.age_s, nan=0.0),
        hindrance=by_road.hindrance,
        expired=_lapsed_certificates(picture),
        busy=_not_to_be_had(picture),
        held=_kept_at_home(picture, kept),
    )


def depot_candidates(picture: Picture, by_road: ByRoad) -> Candidates:
    """Return the depots as the choice wants them, with what each can give at once."""
    depots = picture.depots
    return Candidates(
        id=depots.id,
        ready_s=depots.loading_s,
        travel_s=by_road.travel_s,
        off_m=by_road.off_m,
        straight_m=_straight_m(depots.lon, depots.lat, picture.incident.place),
        offered=usable_now(picture),
        level=np.zeros((len(depots.id), len(picture.needs.supplies))),
        in_service=np.ones(len(depots.id), dtype=np.bool_),
        ahead_s=np.zeros(len(depots.id)),
        hindrance=by_road.hindrance,
        expired=withheld_stock(picture),
        busy=(None,) * len(depots.id),
        held=(None,) * len(depots.id),
    )


def _lapsed_certificates(picture: Board) -> tuple[tuple[Failure, ...], ...]:
    units = picture.units
    columns = np.array(list(dict.fromkeys(picture.need_columns.tolist())), dtype=np.int64)
    lapsed = (picture.lapsed & (units.offered > 0))[:, columns]
    said: list[tuple[Failure, ...]] = [()] * len(units.id)
    for unit in np.flatnonzero(lapsed.any(axis=1)).tolist():
        said[unit] = tuple(
            reasons.certificate_expired(
                Share(
                    picture.read_capabilities[j],
                    float(units.offered[unit, j]),
                    float(units.level[unit, j]),
                ),
                EPOCH + timedelta(days=int(units.valid_until_day[unit, j])),
            )
            for j in columns[lapsed[unit]].tolist()
        )
    return tuple(said)


def _not_to_be_had(picture: Board) -> tuple[Failure | None, ...]:
    """Say which other incident has each, if one has, or why it refused this one, unless it came after all."""
    units = picture.units
    said: list[Failure | None] = [None] * len(units.id)
    for unit in np.flatnonzero((units.refused != FREE) & ~picture.busy).tolist():
        said[unit] = reasons.refused(units.refused[unit])
    for unit in np.flatnonzero(picture.busy_elsewhere).tolist():
        said[unit] = reasons.busy(int(units.busy_with[unit]), units.busy_state[unit])
    return tuple(said)


def _kept_at_home(picture: Board, kept: Residual) -> tuple[Failure | None, ...]:
    """
    Say who may not leave.

    One that is away whose site has cover without it may, were it back; so may one that has left already.
    """
    at_home = picture.units.in_service & ~picture.busy
    has_cover = np.isin(kept.group, kept.group[at_home & (kept.group != NO_GROUP)])
    sites = [kept.held(unit) for unit in range(len(kept.group))]
    return tuple(
        None if site is None or spare else reasons.held_at_home(site)
        for site, spare in zip(sites, picture.busy_here | (has_cover & ~at_home), strict=True)
    )


def _straight_m(lon: NDArray[np.float64], lat: NDArray[np.float64], place: Place) -> NDArray[np.float64]:
    return geodesic_m(lon, lat, np.full_like(lon, place.lon), np.full_like(lat, place.lat))
