"""A code that a telephone reads: where to go."""

import re
from io import BytesIO

import segno

from geo.places import Place

NOT_IN_A_LABEL = re.compile(r"[()&#%\s]+")
DEGREE_DECIMALS = 6


def geo_address(place: Place, label: str) -> str:
    """
    Return a place as a ``geo:`` address (RFC 5870, WGS84) with a line of text that says what is there.

    Telephones that know such addresses open their map; others show the text.
    """
    at = f"{place.lat:.{DEGREE_DECIMALS}f},{place.lon:.{DEGREE_DECIMALS}f}"
    said = NOT_IN_A_LABEL.sub(" ", label).strip()
    return f"geo:{at}?q={at}({said})" if said else f"geo:{at}"


def qr_svg(text: str) -> str:
    """Return a text as a QR code, drawn in SVG, that still reads when a seventh of it is soiled."""
    drawn = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, svgclass="qr", lineclass=None)
    return drawn.getvalue().decode("utf-8")
