"""
Values as bytes and back: equal values give equal bytes in every process, and nothing is lost on the way.

The bytes are JSON. None, bool, int, float and str stand for themselves, a JSON list is a tuple, and the rest
are objects with one key, their tag: the name of the class for enums, dataclasses and pydantic models, one of
``_FORMS`` for others. Numbers are written as they are read back, nan and inf too; arrays keep their type,
shape and every bit; moments keep their offset; a dict keeps its order, which whoever walks through it sees.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from math import prod
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import BaseModel
from shapely.geometry.base import BaseGeometry

from geo.errors import RescueError

Kept = TypeVar("Kept")
Known = Mapping[str, Callable[..., object]]

OBJECTS = "|O"
KINDS_OF_BITS = "biufcmMSU"
LITTLE_ENDIAN = 1
AS_THEY_ARE = frozenset({type(None), bool, int, float, str})


class EncodingError(RescueError):
    """A value that cannot be kept as bytes, or bytes that are no value of this program."""


def encode(value: object) -> bytes:
    """
    Return a value as bytes.

    Raises
    ------
    EncodingError
        When something in it is of a type that is not kept.
    """
    return json.dumps(_plain(value), separators=(",", ":")).encode("ascii")


def decode(content: bytes, kind: type[Kept], within: Hashable | None = None) -> Kept:
    """
    Return the value that bytes stand for.

    Only the classes that annotations name are made: those of ``kind``, or of ``within`` where given, and of
    their fields in turn. A field that the bytes lack takes its default.

    Raises
    ------
    EncodingError
        When the bytes name another class, or do not fit the one they name.
    """
    root: Any = kind if within is None else within
    try:
        value: Any = _value(json.loads(content), _named(root))
    except (ValueError, TypeError, AttributeError) as error:
        raise EncodingError(f"it does not fit this program: {error}") from error
    if not _is_a(value, kind):
        raise EncodingError(f"it is a {type(value).__name__}, not a {kind}")
    decoded: Kept = value
    return decoded


def _plain(value: object) -> object:
    kind: Any = type(value)
    if kind in AS_THEY_ARE:
        return value
    if isinstance(value, tuple) and kind is tuple:
        return _plain_list(value)
    if isinstance(value, Enum):
        return {kind.__name__: _plain(value.value)}
    if _has_fields(kind):
        return {kind.__name__: {name: _plain(getattr(value, name)) for name in _fields_of(kind)}}
    for tag, form in _FORMS.items():
        if isinstance(value, form.kind):
            return {tag: form.write(value)}
    raise EncodingError(f"a {kind.__module__}.{kind.__qualname__} cannot be kept")


def _plain_list(items: Iterable[object]) -> list[object]:
    return [item if type(item) in AS_THEY_ARE else _plain(item) for item in items]


def _value(plain: object, known: Known) -> object:
    if isinstance(plain, list):
        return tuple(_value_list(plain, known))
    if not isinstance(plain, dict):
        return plain
    ((tag, content),) = plain.items()
    if tag in _FORMS:
        return _FORMS[tag].read(content, known)
    if tag not in known:
        raise EncodingError(f"it holds a {tag}, which has no place in it")
    make = known[tag]
    if _has_fields(make):
        return make(**{name: _value(field, known) for name, field in content.items()})
    return make(_value(content, known))


def _value_list(items: Iterable[object], known: Known) -> list[object]:
    return [item if type(item) in AS_THEY_ARE else _value(item, known) for item in items]


@dataclass(frozen=True)
class _Form:
    """How the values of a type are written and read that is no class of ours."""

    kind: type
    write: Callable[[Any], object]
    read: Callable[[Any, Known], object]


def _write_bits(value: NDArray[Any] | np.generic) -> object:
    if value.dtype.kind not in KINDS_OF_BITS:
        raise EncodingError(f"an array of {value.dtype} cannot be kept")
    return [value.dtype.str, list(value.shape), b64encode(value.tobytes()).decode("ascii")]


def _write_array(array: NDArray[Any]) -> object:
    if array.dtype.str == OBJECTS:
        return [OBJECTS, list(array.shape), _plain_list(array.ravel().tolist())]
    return _write_bits(array)


def _read_array(content: tuple[str, list[int], Any], known: Known) -> NDArray[Any]:
    dtype, shape, held = content
    if dtype == OBJECTS:
        items = _value_list(held, known)
        return np.fromiter(items, dtype=np.object_, count=prod(shape)).reshape(shape)
    return np.frombuffer(bytearray(b64decode(held)), dtype=np.dtype(dtype)).reshape(shape)


def _write_shape(shape: BaseGeometry) -> str:
    if shape.geom_type == "LinearRing":
        raise EncodingError("a LinearRing cannot be kept: make it a LineString or a Polygon")
    return str(shapely.to_wkb(shape, hex=True, byte_order=LITTLE_ENDIAN, include_srid=True))


_FORMS = {
    "datetime": _Form(datetime, datetime.isoformat, lambda text, _: datetime.fromisoformat(text)),
    "date": _Form(date, date.isoformat, lambda text, _: date.fromisoformat(text)),
    "array": _Form(np.ndarray, _write_array, _read_array),
    "number": _Form(np.generic, _write_bits, lambda content, known: _read_array(content, known)[()]),
    "shape": _Form(BaseGeometry, _write_shape, lambda text, _: shapely.from_wkb(text)),
    "list": _Form(list, _plain_list, _value_list),
    "dict": _Form(
        dict,
        lambda pairs: [[_plain(key), _plain(value)] for key, value in pairs.items()],
        lambda pairs, known: {_value(key, known): _value(value, known) for key, value in pairs},
    ),
}
"""By tag; of two that a value fits, the first counts."""


def _has_fields(kind: Callable[..., object]) -> bool:
    return is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, BaseModel))


@cache
def _fields_of(kind: type[Any]) -> Mapping[str, object]:
    """Return the annotations of what a value of a class is made of and compared by."""
    if issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init and field.compare}


@cache
def _named(hint: Hashable) -> Known:
    """Return by name the classes of ours that an annotation names, and that those name in turn."""
    named: dict[str, type[Any]] = {}
    waiting: list[object] = [hint]
    while waiting:
        found = waiting.pop()
        waiting += get_args(found)
        if not isinstance(found, type) or named.get(found.__name__) is found:
            continue
        if _has_fields(found):
            waiting += _fields_of(found).values()
        elif not issubclass(found, Enum):
            continue
        if found.__name__ in named or found.__name__ in _FORMS:
            raise EncodingError(f"two kinds of value are called {found.__name__}")
        named[found.__name__] = found
    return named


def _is_a(value: object, hint: object) -> bool:
    origin = get_origin(hint) or hint
    if origin in (Union, UnionType):
        return any(_is_a(value, choice) for choice in get_args(hint))
    return not isinstance(origin, type) or isinstance(value, origin)
