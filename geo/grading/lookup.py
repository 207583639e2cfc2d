"""Which entries of the standard's tables a substance's name, CAS number and hazard classes mean."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from geo.errors import InvalidInputError
from geo.grading.spelling import checked_cas, plain
from geo.grading.tables import HazardClass, ListedSubstance, hazard_classes, listed_substances

Entries = tuple[ListedSubstance, ...]


def find_listed(name: str, cas: str | None) -> ListedSubstance | None:
    """
    Return the entry of tables 1 and 3 that a name or a CAS number means, or None where neither is listed.

    The name goes first: rows of table 1 may share a CAS number or have none. The CAS number narrows a name
    that several rows share, and decides alone where no row has the name.

    Raises
    ------
    InvalidInputError
        When several rows remain, or when the CAS number belongs to another row than the name.
    """
    named = _by_name().get(plain(name), ())
    numbered = () if cas is None else _by_cas().get(checked_cas(cas), ())
    if not named:
        return _only(numbered, "cas", f"{cas} of {name!r}")
    if numbered:
        agreeing = tuple(entry for entry in named if entry in numbered or not entry.cas)
        if not agreeing:
            raise InvalidInputError(
                "cas",
                f"{cas} is {_choices(numbered)}, not {name!r}; correct one of them or leave the CAS out",
            )
        named = agreeing
    return _only(named, "name", repr(name))


def other_names(name: str) -> tuple[str, ...]:
    """Return every name of the substance that a name means, none where it is not listed or may be several."""
    named = _by_name().get(plain(name), ())
    return named[0].names if len(named) == 1 else ()


def classes_of(hazard_class: str | None) -> tuple[HazardClass, ...]:
    """
    Return the classes that a text such as ``W2`` or ``W2,J3`` names, none for None.

    Raises
    ------
    InvalidInputError
        When a symbol is not one of tables 2 and 4, or the text holds none.
    """
    if hazard_class is None:
        return ()
    by_symbol = {plain(known.symbol): known for known in hazard_classes()}
    symbols = re.split("[,;、]", plain(hazard_class))
    unknown = [symbol for symbol in symbols if symbol not in by_symbol]
    if unknown:
        known = ", ".join(each.symbol for each in hazard_classes())
        raise InvalidInputError(
            "hazard_class", f"{hazard_class!r} is not made of symbols of table 2 ({known}), e.g. W2 or W2,J3"
        )
    return tuple(by_symbol[symbol] for symbol in dict.fromkeys(symbols))


@cache
def _by_name() -> Mapping[str, Entries]:
    found: defaultdict[str, Entries] = defaultdict(tuple)
    for entry in listed_substances():
        for spelling in dict.fromkeys(plain(name) for name in entry.names):
            found[spelling] += (entry,)
    return dict(found)


@cache
def _by_cas() -> Mapping[str, Entries]:
    found: defaultdict[str, Entries] = defaultdict(tuple)
    for entry in listed_substances():
        for cas in entry.cas:
            found[cas] += (entry,)
    return dict(found)


def _only(entries: Entries, field: str, what: str) -> ListedSubstance | None:
    if len(entries) > 1:
        raise InvalidInputError(
            field, f"{what} may be any of {len(entries)} rows of table 1; name the one: {_choices(entries)}"
        )
    return entries[0] if entries else None


def _choices(entries: Entries) -> str:
    return "; ".join(
        entry.name_zh if entry.threshold_t is None else f"{entry.name_zh} (Q {entry.threshold_t:g} t)"
        for entry in entries
    )
