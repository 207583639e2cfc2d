"""What each unit brings of each capability: how much, at which level, with how many people, until when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.columns import EPOCH, columns_of, laid_out, of_owners, positions
from data.models import AddsUp, Capability, UnitCapability

COUNTED_IN_PEOPLE = "persons"


@dataclass(frozen=True)
class Shares:
    """What units bring of capabilities, each of shape (units, capabilities): see ``UnitColumns``."""

    offered: NDArray[np.float64]
    level: NDArray[np.float64]
    role_crew: NDArray[np.float64]
    valid_until_day: NDArray[np.float64]


def shares_of(
    session: Session, ids: NDArray[np.int64], crew: NDArray[np.int64], capabilities: Sequence[str]
) -> Shares:
    """Read what the units, whose ids ascend, bring of the capabilities, of which one may be named twice."""
    asked = list(dict.fromkeys(capabilities))
    rows = session.execute(
        select(
            UnitCapability.unit_id,
            UnitCapability.capability,
            UnitCapability.quantity,
            UnitCapability.level,
            UnitCapability.crew,
            UnitCapability.valid_until - EPOCH,
            Capability.adds_up == AddsUp.MAXIMUM,
            Capability.by_crew,
            Capability.unit_of_measure == COUNTED_IN_PEOPLE,
        )
        .join(Capability, UnitCapability.capability == Capability.code)
        .where(UnitCapability.capability.in_(asked))
    ).all()
    column = of_owners(columns_of(rows, 9), 0, ids)
    unit = np.searchsorted(ids, column[0].astype(np.int64))
    place = unit, positions(column[1], asked)
    quantity, said = column[2].astype(np.float64), column[4].astype(np.float64)
    is_maximum, by_crew, in_people = (flag.astype(np.bool_) for flag in column[6:])
    everybody = crew[unit].astype(np.float64)
    implied = np.where(in_people, np.minimum(quantity, everybody), everybody) * by_crew
    level = np.where(is_maximum, quantity, column[3].astype(np.float64))
    shape = len(ids), len(asked)
    column_of = positions(capabilities, asked)
    return Shares(
        offered=laid_out(shape, 0.0, place, quantity)[:, column_of],
        level=laid_out(shape, 0.0, place, level)[:, column_of],
        role_crew=laid_out(shape, 0.0, place, np.where(np.isnan(said), implied, said))[:, column_of],
        valid_until_day=laid_out(shape, np.nan, place, column[5].astype(np.float64))[:, column_of],
    )
