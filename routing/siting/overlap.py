"""What pairs of sites reach together: a weighted matrix product in blocks, exact and in bounded memory."""

from collections.abc import Iterator

import numpy as np

from routing.siting.open_cover import OpenCover
from routing.siting.question import Numbers

SITES_A_BLOCK, ROWS_A_BLOCK = 256, 2048
EXACT_IN_SINGLE = 2**24
"""Whole numbers up to this, and their sums, are exact in single precision, which is twice as fast."""
SPARSE = 0.08
"""Below this share of pairs within reach, a sparse product is quicker."""


def pair_gains(cover: OpenCover) -> Iterator[tuple[int, Numbers]]:
    """
    Yield what every pair of candidates adds, a block of first sites at a time.

    Yields
    ------
    first : int
        The candidate that the block starts with.
    gains : float64, shape (block, candidates - first)
        What candidate ``first + i`` and candidate ``first + j`` add together; on the diagonal, the one alone.
    """
    idle = 1 - cover.busy
    alone = single_gains(cover)
    product = _sparse_product if np.count_nonzero(cover.reach) < SPARSE * cover.reach.size else _dense_product
    for first, both in product(cover):
        gains = alone[first : first + len(both), None] + alone[None, first:] - idle * idle * both
        one = np.arange(len(both))
        gains[one, one] = alone[first + one]
        yield first, gains


def single_gains(cover: OpenCover) -> Numbers:
    """Return what every candidate adds alone, shape (candidates,)."""
    return (1 - cover.busy) * cover.reached_weight(cover.weight)


def _blocks(sites: int) -> Iterator[tuple[int, int]]:
    for first in range(0, sites, SITES_A_BLOCK):
        yield first, min(first + SITES_A_BLOCK, sites)


def _dense_product(cover: OpenCover) -> Iterator[tuple[int, Numbers]]:
    """Yield the weight that pairs of candidates both reach, a block of first sites at a time."""
    kind = np.float32 if cover.whole and cover.weight.sum() < EXACT_IN_SINGLE else np.float64
    for first, until in _blocks(cover.candidates):
        both = np.zeros((until - first, cover.candidates - first))
        for row in range(0, len(cover.reach), ROWS_A_BLOCK):
            part = cover.reach[row : row + ROWS_A_BLOCK, first:].astype(kind)
            weighed = part[:, : until - first] * cover.weight[row : row + ROWS_A_BLOCK, None].astype(kind)
            both += weighed.T @ part
        yield first, both


def _sparse_product(cover: OpenCover) -> Iterator[tuple[int, Numbers]]:
    """Yield the same; quicker where few sites reach a row."""
    turned = cover.by_candidate
    reach = turned.T.tocsr()
    weighed = turned.multiply(cover.weight[None, :]).tocsr()
    for first, until in _blocks(cover.candidates):
        yield first, (weighed[first:until] @ reach).toarray()[:, first:]
