"""The units and depots of a picture as the choice wants them: what counts, what does not, and why not."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from api.offering import NO_GROUP, Residual
from api.picture import EPOCH, Picture, Starts
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
    picture: Picture, starts: Starts, by_road: ByRoad, ready_s: NDArray[np.float64], kept: Residual
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
        held=_kept_at_home(units.in_service, kept),
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
        expired=_withheld_stock(picture),
        held=(None,) * len(depots.id),
    )


def usable_now(picture: Picture) -> NDArray[np.float64]:
    """Return what each depot can give at once: unexpired, and above its minimum unless approved."""
    stock, fresh = picture.stock, _fresh(picture)
    return _above_minimum(
        picture,
        _total(picture, np.where(fresh, stock.quantity, 0.0)),
        _total(picture, np.where(fresh, stock.minimum, 0.0)),
    )


def past_date(picture: Picture) -> NDArray[np.bool_]:
    """Return which rows of stock are past their date; the last day still counts."""
    return picture.stock.expires_day < (picture.today - EPOCH).days


def _fresh(picture: Picture) -> NDArray[np.bool_]:
    """Return which rows of stock are there now and not past their date."""
    fresh: NDArray[np.bool_] = ~past_date(picture) & (picture.stock.available_after_s <= 0)
    return fresh


def _above_minimum(
    picture: Picture, have: NDArray[np.float64], minimum: NDArray[np.float64]
) -> NDArray[np.float64]:
    return have if picture.needs.below_minimum_by else np.maximum(have - minimum, 0.0)


def _lapsed_certificates(picture: Picture) -> tuple[tuple[Failure, ...], ...]:
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


def _kept_at_home(in_service: NDArray[np.bool_], kept: Residual) -> tuple[Failure | None, ...]:
    """Say who may not leave; one out of service whose site has cover without it may, were it back."""
    has_cover = np.isin(kept.group, kept.group[in_service & (kept.group != NO_GROUP)])
    sites = [kept.held(unit) for unit in range(len(kept.group))]
    return tuple(
        None if site is None or spare else reasons.held_at_home(site)
        for site, spare in zip(sites, has_cover & ~in_service, strict=True)
    )


def _withheld_stock(picture: Picture) -> tuple[tuple[Failure, ...], ...]:
    """Say for each depot what it holds and cannot give now: past its date, its minimum, still to be made."""
    said: list[list[Failure]] = [[] for _ in picture.depots.id]
    for row in np.flatnonzero(past_date(picture) & (picture.stock.quantity > 0)).tolist():
        share, unit = _share(picture, row, float(picture.stock.quantity[row]))
        day = EPOCH + timedelta(days=int(picture.stock.expires_day[row]))
        said[picture.stock.depot[row]].append(
            _giving_back(picture, row, reasons.stock_expired(share, unit, day))
        )
    for depot, item, amount in _held_minimum(picture):
        supply = picture.needs.supplies[item]
        said[depot].append(reasons.stock_held(Share(supply.item, amount), supply.unit_of_measure))
    later = ~past_date(picture) & (picture.stock.available_after_s > 0) & (picture.stock.quantity > 0)
    for row in np.flatnonzero(later).tolist():
        share, unit = _share(picture, row, float(picture.stock.quantity[row]))
        after_s = float(picture.stock.available_after_s[row])
        said[picture.stock.depot[row]].append(
            _giving_back(picture, row, reasons.stock_later(share, unit, after_s))
        )
    return tuple(tuple(each) for each in said)


def _giving_back(picture: Picture, row: int, failure: Failure) -> Failure:
    """Return a failure of a row of stock with what mending it gives: what is above the minimum then."""
    stock = picture.stock
    beside = _fresh(picture) & (stock.depot == stock.depot[row]) & (stock.item == stock.item[row])
    then = beside | (np.arange(len(beside)) == row)
    now_and_then = [
        _above_minimum(picture, stock.quantity[rows].sum(), stock.minimum[rows].sum())
        for rows in (beside, then)
    ]
    name = picture.needs.supplies[int(stock.item[row])].item
    return replace(failure, withheld=Share(name, float(now_and_then[1] - now_and_then[0])))


def _held_minimum(picture: Picture) -> list[tuple[int, int, float]]:
    if picture.needs.below_minimum_by:
        return []
    stock, fresh = picture.stock, _fresh(picture)
    have = _total(picture, np.where(fresh, stock.quantity, 0.0))
    held = np.minimum(have, _total(picture, np.where(fresh, stock.minimum, 0.0)))
    return [(int(depot), int(item), float(held[depot, item])) for depot, item in np.argwhere(held > 0)]


def _share(picture: Picture, row: int, amount: float) -> tuple[Share, str]:
    supply = picture.needs.supplies[int(picture.stock.item[row])]
    return Share(supply.item, amount), supply.unit_of_measure


def _total(picture: Picture, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up rows of stock, shape (depots, supplies); what another unit of measure counts is none."""
    stock = picture.stock
    total = np.zeros((len(picture.depots.id), len(picture.needs.supplies)))
    np.add.at(total, (stock.depot, stock.item), np.nan_to_num(amount, nan=0.0))
    return total


def _straight_m(lon: NDArray[np.float64], lat: NDArray[np.float64], place: Place) -> NDArray[np.float64]:
    return geodesic_m(lon, lat, np.full_like(lon, place.lon), np.full_like(lat, place.lat))
