"""One spelling for names and numbers that people write in many widths, cases and dashes."""

import re
import unicodedata

from geo.errors import InvalidInputError

DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
CAS = re.compile(r"[0-9]{2,7}-[0-9]{2}-[0-9]")


def plain(text: str) -> str:
    """Return the text in half width and lower case, with one kind of dash and no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(DASHES).casefold().split())


def checked_cas(text: str) -> str:
    """
    Return a CAS number in its usual spelling.

    Raises
    ------
    InvalidInputError
        When it has not the form of a CAS number, or its last digit is not the check digit of the others.
    """
    cas = plain(text)
    if not CAS.fullmatch(cas):
        raise InvalidInputError(
            "cas", f"{text!r} is not a CAS number, e.g. 7782-50-5; leave it out if unknown"
        )
    *digits, check = (int(character) for character in cas if character != "-")
    if sum(place * digit for place, digit in enumerate(reversed(digits), start=1)) % 10 != check:
        raise InvalidInputError("cas", f"{cas} fails its check digit, so one of its digits is mistyped")
    return cas
