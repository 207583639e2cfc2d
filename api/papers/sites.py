"""The site of an incident as papers say it: whom to call there, and what it holds."""

from pydantic import Field

from api.answer_base import Said, Words
from data.called import SiteFacts


class HeldSaid(Said):
    """A substance that a site may hold."""

    name: str
    cas: str | None
    gb_unit: str = Field(description="the unit of GB 18218 it is held in")
    design_max_t: float


class SiteSaid(Said):
    """The hazard source the incident happens at."""

    id: int
    name: str
    enterprise: str
    kind: Words
    grade: int | None = Field(description="level of a major hazard: 1 is the worst; null where it is none")
    contact: str
    phone: str
    substances: list[HeldSaid]
    synthetic: bool


def site_said(site: SiteFacts | None) -> SiteSaid | None:
    """Say a site, what it holds most of first."""
    if site is None:
        return None
    held = sorted(site.substances, key=lambda one: (-one.design_max_t, one.name))
    return SiteSaid(
        id=site.id,
        name=site.name,
        enterprise=site.enterprise,
        kind=Words(zh=site.kind_zh, en=site.kind_en),
        grade=site.grade,
        contact=site.contact,
        phone=site.phone,
        substances=[
            HeldSaid(name=one.name, cas=one.cas, gb_unit=one.gb_unit, design_max_t=one.design_max_t)
            for one in held
        ],
        synthetic=site.synthetic,
    )
