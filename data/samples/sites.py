"""Kinds of made-up hazard source: how many of each, what they hold, and what shape they have on the map."""

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """How a source is drawn."""

    POINT = "point"
    AREA = "area"
    LINE = "line"


@dataclass(frozen=True)
class Held:
    """A substance and between how many tonnes of it are held, in a unit named after what it is kept in."""

    name: str
    cas: str | None
    hazard_class: str | None
    tonnes: tuple[float, float]
    kept_in: str


@dataclass(frozen=True)
class SiteModel:
    """
    A kind of source.

    ``units`` are the least and the most GB 18218 units a source has, each holding one thing of ``holds``.
    """

    kind: str
    name: str
    industry: str
    count: int
    shape: Shape
    residents: tuple[int, int]
    units: tuple[int, int]
    holds: tuple[Held, ...]


def _chlorine(least_t: float, most_t: float) -> Held:
    return Held("氯", "7782-50-5", "J1", (least_t, most_t), "液氯储存单元")


def _ammonia(least_t: float, most_t: float) -> Held:
    return Held("氨", "7664-41-7", "J3,W2", (least_t, most_t), "液氨储存单元")


def _lpg(least_t: float, most_t: float) -> Held:
    return Held("液化石油气", "68476-85-7", "W2", (least_t, most_t), "液化石油气罐区")


def _hydrogen(least_t: float, most_t: float) -> Held:
    return Held("氢", "1333-74-0", "W2", (least_t, most_t), "氢气储存单元")


def _gasoline(least_t: float, most_t: float) -> Held:
    return Held("汽油", "86290-81-5", "W5.3", (least_t, most_t), "汽油罐区")


def _methanol(least_t: float, most_t: float) -> Held:
    return Held("甲醇", "67-56-1", "W5.3", (least_t, most_t), "甲醇罐区")


def _natural_gas(least_t: float, most_t: float) -> Held:
    return Held("天然气", "74-82-8", "W2", (least_t, most_t), "天然气管段")


def _diesel(least_t: float, most_t: float) -> Held:
    return Held("柴油", None, "W5.4", (least_t, most_t), "柴油罐区")


ETHYLENE_OXIDE = Held("环氧乙烷", "75-21-8", "W2,J3", (4, 40), "环氧乙烷装置")
SULPHUR_DIOXIDE = Held("二氧化硫", "7446-09-5", "J3", (5, 60), "二氧化硫装置")
HYDROGEN_FLUORIDE = Held("氟化氢", "7664-39-3", "J1", (0.5, 4), "氟化氢装置")
BENZENE = Held("苯", "71-43-2", "W5.3", (20, 400), "苯罐区")
ACETYLENE = Held("乙炔", "74-86-2", "W2", (0.2, 3), "乙炔瓶库")
AMMONIUM_NITRATE = Held("硝酸铵肥料", None, "W9.2", (50, 500), "硝酸铵肥料仓库")
PEROXIDE = Held("过氧化二苯甲酰", "94-36-0", "W7.2", (2, 60), "有机过氧化物仓库")
PHOSGENE = Held("碳酰氯", "75-44-5", "J1", (0.6, 1.5), "光气装置")
FIREWORKS = Held("烟花", None, "W1.3", (10, 150), "成品仓库")
BLACK_POWDER = Held("黑火药", None, "W1.1", (0.3, 3), "原料仓库")
EXPLOSIVES = Held("工业炸药", None, "W1.1", (0.5, 5), "炸药库")

SITES = (
    SiteModel(
        "gas-station",
        "加油加气站",
        "能源",
        80,
        Shape.POINT,
        (0, 400),
        (1, 3),
        (_gasoline(40, 110), _diesel(40, 120), _lpg(10, 90), _hydrogen(0.5, 6)),
    ),
    SiteModel("cold-store", "冷库", "冷链", 25, Shape.POINT, (0, 300), (1, 1), (_ammonia(3, 45),)),
    SiteModel("water-works", "水厂", "供水", 10, Shape.POINT, (20, 500), (1, 1), (_chlorine(2, 40),)),
    SiteModel(
        "warehouse",
        "危化品仓库",
        "物流",
        25,
        Shape.POINT,
        (0, 200),
        (1, 3),
        (_methanol(50, 700), ACETYLENE, AMMONIUM_NITRATE, PEROXIDE, BENZENE, _chlorine(1, 8)),
    ),
    SiteModel(
        "chemical-plant",
        "化工厂",
        "化工",
        17,
        Shape.AREA,
        (0, 800),
        (2, 3),
        (
            _chlorine(10, 140),
            _ammonia(20, 200),
            _hydrogen(2, 20),
            _methanol(200, 3000),
            ETHYLENE_OXIDE,
            SULPHUR_DIOXIDE,
            HYDROGEN_FLUORIDE,
            BENZENE,
        ),
    ),
    SiteModel(
        "chemical-plant",
        "光气化工厂",
        "化工",
        1,
        Shape.AREA,
        (50, 100),
        (2, 2),
        (PHOSGENE, _chlorine(10, 40)),
    ),
    SiteModel(
        "tank-farm",
        "储罐区",
        "石化",
        14,
        Shape.AREA,
        (0, 300),
        (1, 3),
        (_gasoline(800, 12000), _diesel(2000, 20000), _methanol(500, 6000), _lpg(100, 2500), BENZENE),
    ),
    SiteModel(
        "pipeline",
        "输送管道",
        "管道",
        12,
        Shape.LINE,
        (0, 800),
        (1, 1),
        (_natural_gas(5, 140), _gasoline(50, 500), _hydrogen(0.5, 8)),
    ),
    SiteModel("mine", "石膏矿", "矿业", 4, Shape.POINT, (0, 40), (1, 1), (EXPLOSIVES,)),
    SiteModel("tailings-pond", "尾矿库", "矿业", 4, Shape.AREA, (0, 60), (0, 0), ()),
    SiteModel(
        "fireworks", "烟花爆竹仓库", "烟花", 8, Shape.POINT, (0, 30), (1, 2), (FIREWORKS, BLACK_POWDER)
    ),
)
