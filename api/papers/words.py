"""What papers call things, in Chinese and in English."""

from collections.abc import Mapping

from api.answer_base import Words
from data.models import AssignmentState, IncidentStatus, ReservationState, Tier

NOT_YET_KNOWN = Words(zh="待补", en="not yet known")

STATES: Mapping[str, Words] = {
    AssignmentState.PROPOSED: Words(zh="拟派", en="proposed"),
    AssignmentState.RESERVED: Words(zh="预留", en="reserved"),
    AssignmentState.ORDERED: Words(zh="已下令", en="ordered"),
    AssignmentState.REQUESTED: Words(zh="已商请", en="requested"),
    AssignmentState.NOTIFIED: Words(zh="已通知", en="notified"),
    AssignmentState.ACKNOWLEDGED: Words(zh="已应答", en="acknowledged"),
    AssignmentState.MOBILISING: Words(zh="集结", en="mobilising"),
    AssignmentState.EN_ROUTE: Words(zh="途中", en="en route"),
    AssignmentState.ON_SCENE: Words(zh="到场", en="on scene"),
    AssignmentState.RETURNING: Words(zh="返回", en="returning"),
    AssignmentState.RELEASED: Words(zh="归队", en="released"),
    AssignmentState.REFUSED: Words(zh="拒绝", en="refused"),
    AssignmentState.CANCELLED: Words(zh="取消", en="cancelled"),
}
STATUSES: Mapping[str, Words] = {
    IncidentStatus.OPEN: Words(zh="处置中", en="open"),
    IncidentStatus.UNDER_CONTROL: Words(zh="已控制", en="under control"),
    IncidentStatus.CLOSED: Words(zh="已结束", en="closed"),
    IncidentStatus.MERGED: Words(zh="已并案", en="merged"),
}
SUPPLY_STATES: Mapping[str, Words] = {
    ReservationState.RESERVED: Words(zh="预留", en="set aside"),
    ReservationState.ISSUED: Words(zh="已发放", en="issued"),
    ReservationState.USED: Words(zh="已使用", en="used"),
    ReservationState.RETURNED: Words(zh="已退回", en="returned"),
    ReservationState.CANCELLED: Words(zh="取消", en="cancelled"),
}
TIERS: Mapping[str, Words] = {
    Tier.ENTERPRISE_FULL_TIME: Words(zh="企业专职队", en="enterprise, full-time"),
    Tier.ENTERPRISE_PART_TIME: Words(zh="企业兼职队", en="enterprise, part-time"),
    Tier.FIRE_BRIGADE: Words(zh="消防救援队", en="fire brigade"),
    Tier.DISTRICT_COMPREHENSIVE: Words(zh="区综合应急队", en="district"),
    Tier.PROFESSIONAL: Words(zh="专业救援队", en="professional"),
    Tier.VOLUNTEER: Words(zh="志愿队", en="volunteer"),
    Tier.OTHER: Words(zh="其他", en="other"),
}
SEVERITIES: Mapping[int, Words] = {
    1: Words(zh="特别重大", en="gravest"),
    2: Words(zh="重大", en="grave"),
    3: Words(zh="较大", en="large"),
    4: Words(zh="一般", en="ordinary"),
}
TURNS: Mapping[str, Words] = {
    "depart": Words(zh="出发", en="depart"),
    "straight": Words(zh="直行", en="straight on"),
    "slight left": Words(zh="左前", en="slight left"),
    "left": Words(zh="左转", en="left"),
    "sharp left": Words(zh="左后", en="sharp left"),
    "slight right": Words(zh="右前", en="slight right"),
    "right": Words(zh="右转", en="right"),
    "sharp right": Words(zh="右后", en="sharp right"),
    "back": Words(zh="掉头", en="turn back"),
}
ARROWS: Mapping[str, str] = {
    "depart": "●",
    "straight": "↑",
    "slight left": "↖",
    "left": "←",
    "sharp left": "↙",
    "slight right": "↗",
    "right": "→",
    "sharp right": "↘",
    "back": "↶",
}
SOURCES: Mapping[str, Words] = {
    "desk": Words(zh="值班台", en="desk"),
    "radio": Words(zh="电台", en="radio"),
    "phone": Words(zh="电话", en="phone"),
    "device": Words(zh="终端", en="device"),
    "api": Words(zh="接口", en="api"),
}


def named(words: Mapping[str, Words], code: str) -> Words:
    """Return what a code is called; a code not known is said as it is."""
    return words.get(code, Words(zh="", en=code))


def severity(level: int) -> Words:
    """Return what a severity is called, its number first."""
    called = SEVERITIES[level]
    return Words(zh=f"{level}级 {called.zh}", en=f"severity {level}, {called.en}")
