"""The stock of depots: what each can give at once, and why what it holds besides is withheld."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from api.needs import Supply
from api.picture import EPOCH, Board
from routing import reasons
from routing.reasons import Failure, Share

Withheld = Iterator[tuple[int, Failure]]
"""The position of a depot, and why something of it is withheld."""


def usable_now(picture: Board) -> NDArray[np.float64]:
    """Return what each depot can give at once: unexpired, and above its minimum unless approved."""
    stock, fresh = picture.stock, _fresh(picture)
    return _above_minimum(
        picture,
        _total(picture, np.where(fresh, stock.quantity, 0.0)),
        _total(picture, np.where(fresh, stock.minimum, 0.0)),
    )


def past_date(picture: Board) -> NDArray[np.bool_]:
    """Return which rows of stock are past their date; the last day still counts."""
    return picture.stock.expires_day < (picture.today - EPOCH).days


def withheld_stock(picture: Board) -> tuple[tuple[Failure, ...], ...]:
    """Say for each depot what it holds and cannot give now."""
    said: list[list[Failure]] = [[] for _ in picture.depots.id]
    for withheld in (_expired, _counted_otherwise, _held_as_minimum, _still_to_come):
        for depot, failure in withheld(picture):
            said[depot].append(failure)
    return tuple(tuple(each) for each in said)


def _expired(picture: Board) -> Withheld:
    stock = picture.stock
    for row in np.flatnonzero(past_date(picture) & (stock.quantity > 0)).tolist():
        supply, day = _supply(picture, row), EPOCH + timedelta(days=int(stock.expires_day[row]))
        share = Share(supply.item, float(stock.quantity[row]))
        failure = reasons.stock_expired(share, supply.unit_of_measure, day)
        yield int(stock.depot[row]), _giving_back(picture, row, failure)


def _counted_otherwise(picture: Board) -> Withheld:
    stock = picture.stock
    for row in np.flatnonzero(np.isnan(stock.quantity)).tolist():
        supply, counted_in = _supply(picture, row), stock.unit_of_measure[row]
        yield (
            int(stock.depot[row]),
            reasons.counted_otherwise(supply.item, counted_in, supply.unit_of_measure),
        )


def _held_as_minimum(picture: Board) -> Withheld:
    if picture.needs.below_minimum_by:
        return
    stock, fresh = picture.stock, _fresh(picture)
    have = _total(picture, np.where(fresh, stock.quantity, 0.0))
    held = np.minimum(have, _total(picture, np.where(fresh, stock.minimum, 0.0)))
    for depot, item in np.argwhere(held > 0):
        supply = picture.needs.supplies[item]
        share = Share(supply.item, float(held[depot, item]))
        yield int(depot), reasons.stock_held(share, supply.unit_of_measure)


def _still_to_come(picture: Board) -> Withheld:
    stock = picture.stock
    later = ~past_date(picture) & (stock.available_after_s > 0) & (stock.quantity > 0)
    for row in np.flatnonzero(later).tolist():
        supply, after_s = _supply(picture, row), float(stock.available_after_s[row])
        share = Share(supply.item, float(stock.quantity[row]))
        failure = reasons.stock_later(share, supply.unit_of_measure, after_s)
        yield int(stock.depot[row]), _giving_back(picture, row, failure)


def _giving_back(picture: Board, row: int, failure: Failure) -> Failure:
    """Return a failure of a row of stock with what mending it gives: what is above the minimum then."""
    stock = picture.stock
    beside = _fresh(picture) & (stock.depot == stock.depot[row]) & (stock.item == stock.item[row])
    then = beside | (np.arange(len(beside)) == row)
    now_and_then = [
        _above_minimum(picture, np.nansum(stock.quantity[rows]), np.nansum(stock.minimum[rows]))
        for rows in (beside, then)
    ]
    return replace(
        failure, withheld=Share(_supply(picture, row).item, float(now_and_then[1] - now_and_then[0]))
    )


def _supply(picture: Board, row: int) -> Supply:
    return picture.needs.supplies[int(picture.stock.item[row])]


def _fresh(picture: Board) -> NDArray[np.bool_]:
    """Return which rows of stock are there now and not past their date."""
    fresh: NDArray[np.bool_] = ~past_date(picture) & (picture.stock.available_after_s <= 0)
    return fresh


def _above_minimum(
    picture: Board, have: NDArray[np.float64], minimum: NDArray[np.float64]
) -> NDArray[np.float64]:
    return have if picture.needs.below_minimum_by else np.maximum(have - minimum, 0.0)


def _total(picture: Board, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up rows of stock, shape (depots, supplies); what another unit of measure counts is none."""
    stock = picture.stock
    total = np.zeros((len(picture.depots.id), len(picture.needs.supplies)))
    np.add.at(total, (stock.depot, stock.item), np.nan_to_num(amount, nan=0.0))
    return total
