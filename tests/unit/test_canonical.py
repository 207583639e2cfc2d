"""What is kept as bytes comes back whole, and equal values are equal bytes wherever they are written."""

import subprocess
import sys
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from threading import Lock
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.canonical import EncodingError, decode, encode
from geo.places import Place
from routing.needs import AddsUp, Requirement

CHINA = timezone(timedelta(hours=8))


class Colour(StrEnum):
    RED = "red"
    GREEN = "绿"


@dataclass(frozen=True)
class Leaf:
    colour: Colour | None
    weight: float
    at: datetime | date


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    columns: dict[str, NDArray[Any]]
    shape: BaseGeometry | None
    held: Any


@dataclass(frozen=True)
class Cached:
    value: int
    _made: dict[str, int] = field(default_factory=dict, compare=False)
    _lock: Lock = field(default_factory=Lock, compare=False)


numbers = st.floats() | st.integers()
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets).map(lambda moment: moment.replace(fold=0))
atoms = st.none() | st.booleans() | numbers | st.text(st.characters()) | moments | st.dates()
colours = st.sampled_from(Colour)
leaves = st.builds(Leaf, st.none() | colours, st.floats(), moments | st.dates())
dtypes = st.sampled_from(["<f8", "<i8", "|b1", "<f4", "<U5", ">f8", "|u1", "<M8[s]"]).map(np.dtype)
lengths = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
bits = arrays.arrays(dtypes, lengths)
objects = arrays.arrays(np.dtype("O"), lengths, elements=atoms | st.tuples(atoms, atoms), fill=st.nothing())
coordinates = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
shapes = st.one_of(
    coordinates.map(shapely.Point),
    st.lists(coordinates, min_size=2, max_size=5).map(shapely.LineString),
    st.lists(coordinates, min_size=3, max_size=5).map(shapely.Polygon),
    st.lists(coordinates, max_size=4).map(shapely.MultiPoint),
)
nested = st.recursive(
    atoms | leaves | bits | objects | shapes | colours,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
trees = st.builds(
    Tree,
    st.lists(leaves, max_size=3).map(tuple),
    st.dictionaries(st.text(), bits),
    st.none() | shapes,
    nested,
)


def exactly(value: object) -> object:
    """Say what a value is to the last bit, types and order included, so that it can be compared."""
    if isinstance(value, np.ndarray):
        held = exactly(value.ravel().tolist()) if value.dtype == object else value.tobytes()
        return value.dtype.str, value.shape, held
    if isinstance(value, list | tuple):
        return type(value), [exactly(item) for item in value]
    if isinstance(value, dict):
        return [exactly(pair) for pair in value.items()]
    if is_dataclass(value):
        return type(value), [exactly(getattr(value, field.name)) for field in fields(value)]
    return type(value), value.wkb_hex if isinstance(value, BaseGeometry) else repr(value)


@given(trees)
def test_what_is_kept_comes_back_to_the_last_bit_and_is_the_same_bytes_again(tree: Tree) -> None:
    written = encode(tree)
    again = decode(written, Tree)
    assert exactly(again) == exactly(tree)
    assert encode(again) == written


def test_the_bytes_depend_on_no_process() -> None:
    program = "from tests.unit.test_canonical import TREE; from data.canonical import encode; import sys; "
    asked = [sys.executable, "-c", program + "sys.stdout.buffer.write(encode(TREE))"]
    told = subprocess.run(asked, capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert told.stdout == encode(TREE)


TREE = Tree(
    (Leaf(Colour.GREEN, float("nan"), datetime(2026, 2, 3, 8, tzinfo=CHINA)),),
    {"s": np.array([1.5, np.inf, np.nan]), "on": np.array([True, False])},
    shapely.box(114.25, 30.5, 114.5, 30.75),
    np.array(["泵", None, date(2026, 2, 3)], dtype=object),
)


def test_it_reads_as_what_it_is() -> None:
    assert encode(Leaf(Colour.GREEN, float("inf"), date(2026, 2, 3))) == (
        b'{"Leaf":{"colour":{"Colour":"\\u7eff"},"weight":Infinity,"at":{"date":"2026-02-03"}}}'
    )


def test_a_moment_keeps_the_offset_it_was_written_with() -> None:
    noon = datetime(2026, 2, 3, 12, tzinfo=CHINA)
    assert decode(encode(noon), datetime).isoformat() == "2026-02-03T12:00:00+08:00"
    assert encode(noon) != encode(noon.astimezone(UTC))


def test_a_column_of_a_table_is_kept_as_its_values_not_as_its_place_in_memory() -> None:
    table = np.arange(12.0).reshape(4, 3)
    assert encode(table[:, 1]) == encode(np.array([1.0, 4.0, 7.0, 10.0]))
    assert encode(np.asfortranarray(table)) == encode(table)


def test_checked_types_are_checked_again() -> None:
    quay = encode(Place(114.3, 30.6))
    assert decode(quay, Place) == Place(114.3, 30.6)
    with pytest.raises(EncodingError, match="is outside -90"):
        decode(quay.replace(b"30.6", b"200.6"), Place)
    need = Requirement("hazmat", 2.0, AddsUp.MAXIMUM)
    assert decode(encode(need), Requirement) == need


def test_what_a_value_keeps_for_speed_is_no_part_of_it() -> None:
    assert encode(Cached(3, {"a": 1})) == encode(Cached(3))
    assert decode(encode(Cached(3, {"a": 1})), Cached) == Cached(3)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({1, 2}, "builtins.set"),
        (b"raw", "builtins.bytes"),
        (Lock(), "_thread.lock"),
        ((1, (object(),)), "builtins.object"),
        (np.zeros(2, dtype="i4,f8"), "an array of"),
        (shapely.LinearRing([(0, 0), (1, 0), (1, 1)]), "LinearRing"),
    ],
)
def test_what_would_not_come_back_is_refused_by_name(value: object, named: str) -> None:
    with pytest.raises(EncodingError, match=named):
        encode(value)


def test_only_classes_that_the_annotations_name_are_made() -> None:
    with pytest.raises(EncodingError, match="it holds a Place, which has no place in it"):
        decode(encode((Place(1, 2),)), tuple)
    assert decode(encode((Place(1, 2),)), tuple, within=Place) == (Place(1, 2),)
    with pytest.raises(EncodingError, match="it is a Leaf, not a "):
        decode(encode(Leaf(None, 1.0, date(2026, 2, 3))), Place, within=Leaf)


@pytest.mark.parametrize("content", [b"", b"{", b'{"Leaf":{}}', b'{"Leaf":3}', b'{"Leaf":{"size":1}}', b"{}"])
def test_bytes_that_are_no_value_are_refused(content: bytes) -> None:
    with pytest.raises(EncodingError, match="it does not fit this program"):
        decode(content, Leaf)


def test_two_classes_of_one_name_cannot_be_told_apart() -> None:
    @dataclass(frozen=True)
    class Place:
        other: "tuple[int, ...]"

    with pytest.raises(EncodingError, match="two kinds of value are called Place"):
        decode(b"null", tuple, within=tuple[Place, Requirement, REAL_PLACE])


REAL_PLACE = Place
