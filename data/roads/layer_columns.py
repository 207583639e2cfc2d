"""The columns of a line layer, read as what they mean. Values that cannot be understood are named by row."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.roads.speed_text import kmh_of
from geo.errors import InvalidInputError

ALONG, AGAINST, BOTH = (True, False), (False, True), (True, True)
DIRECTIONS = {
    **dict.fromkeys(("yes", "true", "1", "f", "ft"), ALONG),
    **dict.fromkeys(("-1", "reverse", "t", "tf"), AGAINST),
    **dict.fromkeys(("no", "false", "0", "b", ""), BOTH),
}


@dataclass(frozen=True)
class LayerColumns:
    """
    Which columns of a layer hold what; ``None`` where the layer does not say.

    Attributes
    ----------
    oneway
        ``yes``, ``true``, ``1``, ``F``, ``FT``: along the drawing; ``-1``, ``reverse``, ``T``, ``TF``:
        against it; ``no``, ``false``, ``0``, ``B`` or empty: both ways. Anything else is refused.
    speed
        Kilometres an hour, or text such as ``30 mph``.
    seconds
        The time for the whole line, shared out by length where the line is cut.
    road_class
        The class of road, which gives the speed where no column does.
    name
        The name of the street.
    from_node, to_node
        The ids of the nodes at the two ends of a line, whichever way it is drawn: both columns or neither.
        With them lines meet at their nodes alone, without them wherever they share a vertex.
    """

    oneway: str | None = None
    speed: str | None = None
    seconds: str | None = None
    road_class: str | None = None
    name: str | None = None
    from_node: str | None = None
    to_node: str | None = None

    def __post_init__(self) -> None:
        if (self.from_node is None) != (self.to_node is None):
            raise InvalidInputError("columns", "the nodes of a line are two; name both columns or neither")

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is taken for granted where no column tells."""
        assumed = []
        if self.oneway is None:
            assumed.append("the road file has no one-way information: every road counts as two-way")
        if self.speed is None and self.seconds is None:
            assumed.append("the road file has no speeds: they come from the road class")
        return tuple(assumed)


class UnreadableValueError(ValueError):
    """A value that a column may not hold."""

    def __init__(self, column: pd.Series, position: int, wanted: str) -> None:
        row, value = column.index[position] + 1, column.iloc[[position]].tolist()[0]
        super().__init__(f"column {column.name!r} holds {value!r} in row {row}; it takes {wanted}")


def words(column: pd.Series) -> pd.Series:
    """Return every value as text without blanks around it, "" where there is none; 1.0 reads as 1."""
    codes, values = pd.factorize(column)
    texts = np.array([_word(value) for value in values] + [""], dtype=object)
    return pd.Series(texts[codes], index=column.index, name=column.name, dtype=object)


def directions(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return whether each line may be driven along its drawing, and against it."""
    value = words(column).str.lower()
    unknown = ~value.isin(list(DIRECTIONS))
    if unknown.any():
        raise UnreadableValueError(
            column, int(unknown.to_numpy().argmax()), "yes, no, reverse, 1, 0, -1, F, T, B, FT, TF or nothing"
        )
    both = value.map(DIRECTIONS)
    return both.str[0].astype(bool), both.str[1].astype(bool)


def speeds_kmh(column: pd.Series) -> pd.Series:
    """Return the posted speed of each line, nan where it has none or it cannot be read."""
    return words(column).map(kmh_of).astype(np.float64)


def seconds(column: pd.Series) -> pd.Series:
    """Return the driving time of each line, nan where it has none."""
    text = words(column)
    value: NDArray[np.float64] = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)
    wrong = (text != "").to_numpy() & ~(np.isfinite(value) & (value >= 0))
    if wrong.any():
        raise UnreadableValueError(column, int(wrong.argmax()), "a number of seconds or nothing")
    return pd.Series(value, index=column.index)


def node_ids(column: pd.Series) -> pd.Series:
    """Return the id of each line's node as text; none may be missing."""
    text = words(column)
    missing = (text == "").to_numpy()
    if missing.any():
        raise UnreadableValueError(column, int(missing.argmax()), "the id of a node")
    return text


def _word(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
