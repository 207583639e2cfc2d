"""Say the cover that sending units costs, and the move that repairs most."""

import numpy as np

from api.answer_base import Words
from api.answer_choice import CoverSaid, MoveUpSaid, UncoveredSaid
from api.covering import Covering
from api.picture import Picture
from api.rounding import lon_lat, seconds, seconds_if_ever


def say_cover(picture: Picture, covering: Covering) -> CoverSaid:
    """Say which graded sources lose their standard, and what to do about it."""
    why_not = covering.advice.why_not
    return CoverSaid(
        lost=[_lost(picture, covering, source) for source in covering.cover.lost.tolist()],
        covered_before={str(each.grade): each.before for each in covering.cover.by_grade},
        covered_after={str(each.grade): each.after for each in covering.cover.by_grade},
        move_up=_move_up(picture, covering),
        why_no_move=None if why_not is None else Words(en=str(why_not), zh=why_not.zh),
    )


def _lost(picture: Picture, covering: Covering, source: int) -> UncoveredSaid:
    home, sources, standard = covering.home, picture.sources, covering.standard[source]
    counting = np.where(home.counts[:, source], home.seconds[:, source], np.inf)
    return UncoveredSaid(
        id=int(sources.id[source]),
        name=sources.name[source],
        grade=int(sources.grade[source]),
        standard=standard.code if standard else "",
        standard_s=float(home.standard_s[source]),
        before_s=seconds(counting.min()),
        after_s=seconds_if_ever(float(counting[~home.leaving].min(initial=np.inf))),
    )


def _move_up(picture: Picture, covering: Covering) -> MoveUpSaid | None:
    move = covering.advice.move
    if move is None:
        return None
    unit, post = int(covering.holder[move.unit]), int(covering.post[move.post])
    return MoveUpSaid(
        unit=int(picture.units.id[unit]),
        name=picture.units.name[unit],
        start=lon_lat(covering.lon[unit], covering.lat[unit]),
        to_base=picture.units.base[post],
        end=lon_lat(picture.units.base_lon[post], picture.units.base_lat[post]),
        drive_s=seconds(move.drive_s),
        regains=picture.sources.id[move.regained].tolist(),
        newly_lost=picture.sources.id[move.newly_lost].tolist(),
    )
