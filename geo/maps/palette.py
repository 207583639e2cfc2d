"""Colours of every map: a dark, calm ground; marks differ in shape first, so that hue is never alone."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Palette:
    """One colour a role, after Okabe and Ito's set for colour-blind readers, lightened for a dark ground."""

    ground: str = "#0b1118"
    road_minor: str = "#1f2c3a"
    road_middle: str = "#283848"
    road_major: str = "#31465b"
    road_motorway: str = "#41586f"
    surface: str = "#121b25"
    raised: str = "#1b2733"
    edge: str = "#2b3b4a"
    ink: str = "#f1f5f9"
    ink_soft: str = "#a9b8c6"
    incident: str = "#ff5a3c"
    first_due: str = "#ffd84d"
    unit: str = "#62bdfb"
    depot: str = "#2fcfa4"
    set_aside: str = "#8b9bab"
    hazard: str = "#e58fca"
    warning: str = "#ffb03a"


PALETTE = Palette()


def palette_style() -> str:
    """Return the palette as CSS custom properties: ``first_due`` is read as ``var(--first-due)``."""
    rules = "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in asdict(PALETTE).items())
    return f":root{{{rules}}}"
