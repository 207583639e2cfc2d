"""What the made-up rescue service consists of: kinds of station, their teams, and the units of each team."""

from dataclasses import dataclass

from data.models import Tier, VehicleProfile

TRAINED, EXPERT = 1.0, 2.0


@dataclass(frozen=True)
class Brings:
    """A capability, the quantities that units of one model bring, its level, and how many people do it."""

    capability: str
    quantities: tuple[float, ...]
    level: float = 0.0
    crew: int | None = None


@dataclass(frozen=True)
class UnitModel:
    """A model of vehicle with its crew, who but for the driver count as rescuers or as medical staff."""

    name: str
    vehicle_profile: VehicleProfile
    crew: tuple[int, int]
    brings: tuple[Brings, ...]
    crew_brings: str = "rescue"
    crew_level: float = 0.0


@dataclass(frozen=True)
class TeamModel:
    """A team: its name after that of its base, its kind, and its units."""

    name: str
    kind: str
    units: tuple[UnitModel, ...]


@dataclass(frozen=True)
class StationModel:
    """A kind of base: how many there are, whose they are, how long they take to turn out, and their teams."""

    name: str
    count: int
    tier: Tier
    turnout_s: tuple[int, int]
    head: str
    teams: tuple[TeamModel, ...]


def _fire_engine(name: str, crew: tuple[int, int], *brings: Brings) -> UnitModel:
    return UnitModel(name, VehicleProfile.FIRE_ENGINE, crew, brings, crew_level=TRAINED)


def _hazmat_truck(name: str, crew: tuple[int, int], *brings: Brings) -> UnitModel:
    return UnitModel(name, VehicleProfile.HEAVY_HAZMAT_TRUCK, crew, brings, crew_level=TRAINED)


def _car(name: str, crew: tuple[int, int], *brings: Brings) -> UnitModel:
    return UnitModel(name, VehicleProfile.PASSENGER, crew, brings)


TANKER = _fire_engine("水罐车", (5, 7), Brings("water", (5000, 6000, 8000)), Brings("pumping", (40, 60)))
BIG_TANKER = _fire_engine(
    "重型水罐车", (4, 6), Brings("water", (12000, 16000, 18000)), Brings("pumping", (80,))
)
FOAM_TENDER = _fire_engine(
    "泡沫车",
    (5, 6),
    Brings("foam", (1000, 2000, 3000, 6000)),
    Brings("water", (3000, 4000, 6000)),
    Brings("pumping", (40, 60)),
)
LADDER = _fire_engine("云梯车", (3, 4), Brings("ladder-reach", (18, 22, 32, 42)))
HIGH_LADDER = _fire_engine("登高平台车", (3, 4), Brings("ladder-reach", (54,)), Brings("pumping", (60,)))
RESCUE_TENDER = _fire_engine(
    "抢险救援车", (5, 8), Brings("hazmat", (1,), crew=4), Brings("detection", (1,), crew=2)
)
HAZMAT_TRUCK = _hazmat_truck(
    "化学事故抢险车",
    (5, 7),
    Brings("hazmat", (2, 2, 3), crew=4),
    Brings("detection", (1, 2), crew=2),
    Brings("decontamination", (20,), crew=3),
)
LEADING_HAZMAT_TRUCK = _hazmat_truck(
    "重型化救车",
    (6, 8),
    Brings("hazmat", (3,), crew=4),
    Brings("detection", (3,), crew=2),
    Brings("decontamination", (20, 30), crew=3),
)
DECONTAMINATION_TRUCK = _hazmat_truck(
    "洗消车",
    (4, 6),
    Brings("hazmat", (1,), crew=3),
    Brings("decontamination", (40, 60), crew=3),
    Brings("water", (4000,)),
)
PLANT_PATROL = _car("气防车", (3, 5), Brings("hazmat", (1, 2), crew=3), Brings("detection", (1,), crew=2))
COMMAND_CAR = _car("通信指挥车", (3, 5), Brings("command", (1,)))
CREW_CAR = _car("救援突击车", (6, 9), Brings("engineering", (1,), level=TRAINED))
ENGINEERING_TRUCK = _fire_engine("工程抢险车", (6, 10), Brings("engineering", (1, 2), level=EXPERT))
PUMP_TRUCK = _fire_engine("排涝车", (3, 4), Brings("pumping", (140, 280)))
MINE_RESCUE_CAR = _car("矿山救护车", (9, 10), Brings("mine-rescue", (1,)), Brings("detection", (2,), crew=2))
AMBULANCE = UnitModel(
    "救护车", VehicleProfile.AMBULANCE, (3, 4), (), crew_brings="medical", crew_level=TRAINED
)
EMERGENCY_CLINIC = UnitModel(
    "医疗救援车", VehicleProfile.AMBULANCE, (6, 8), (), crew_brings="medical", crew_level=EXPERT
)
SEARCH_PARTY = UnitModel("徒步搜救组", VehicleProfile.ON_FOOT, (6, 10), ())
VOLUNTEER_CAR = _car("志愿救援车", (4, 7), Brings("medical", (1,)))

FIRE_STATIONS = (
    StationModel(
        "消防救援站",
        8,
        Tier.FIRE_BRIGADE,
        (60, 90),
        "站长",
        (TeamModel("消防队", "fire", (TANKER, FOAM_TENDER, LADDER)),),
    ),
    StationModel(
        "特勤消防站",
        4,
        Tier.FIRE_BRIGADE,
        (60, 90),
        "站长",
        (
            TeamModel("消防队", "fire", (BIG_TANKER, RESCUE_TENDER, HIGH_LADDER)),
            TeamModel("化救队", "hazmat", (HAZMAT_TRUCK, DECONTAMINATION_TRUCK)),
        ),
    ),
)
ENTERPRISE_STATIONS = (
    StationModel(
        "石化专职消防队",
        5,
        Tier.ENTERPRISE_FULL_TIME,
        (60, 120),
        "队长",
        (
            TeamModel("消防队", "fire", (BIG_TANKER, FOAM_TENDER)),
            TeamModel("气防站", "hazmat", (PLANT_PATROL,)),
        ),
    ),
    StationModel(
        "园区兼职救援队",
        4,
        Tier.ENTERPRISE_PART_TIME,
        (180, 300),
        "队长",
        (TeamModel("应急队", "hazmat", (PLANT_PATROL, TANKER)),),
    ),
)
DISTRICT_STATIONS = (
    StationModel(
        "综合救援队",
        4,
        Tier.DISTRICT_COMPREHENSIVE,
        (90, 180),
        "队长",
        (TeamModel("综合队", "comprehensive", (CREW_CAR, COMMAND_CAR, PUMP_TRUCK)),),
    ),
)
PROFESSIONAL_STATIONS = (
    StationModel(
        "危化品救援基地",
        1,
        Tier.PROFESSIONAL,
        (90, 150),
        "主任",
        (
            TeamModel("危化队", "hazmat", (LEADING_HAZMAT_TRUCK, LEADING_HAZMAT_TRUCK)),
            TeamModel("指挥队", "comprehensive", (COMMAND_CAR,)),
        ),
    ),
    StationModel(
        "矿山救护队",
        2,
        Tier.PROFESSIONAL,
        (90, 150),
        "队长",
        (TeamModel("救护队", "mine-rescue", (MINE_RESCUE_CAR, MINE_RESCUE_CAR)),),
    ),
    StationModel(
        "工程抢险基地",
        2,
        Tier.PROFESSIONAL,
        (120, 240),
        "主任",
        (TeamModel("抢险队", "engineering", (ENGINEERING_TRUCK, PUMP_TRUCK)),),
    ),
    StationModel(
        "急救站",
        5,
        Tier.PROFESSIONAL,
        (60, 120),
        "站长",
        (TeamModel("急救队", "medical", (AMBULANCE, AMBULANCE, EMERGENCY_CLINIC)),),
    ),
)
OTHER_STATIONS = (
    StationModel(
        "志愿救援队",
        3,
        Tier.VOLUNTEER,
        (300, 600),
        "队长",
        (TeamModel("志愿队", "comprehensive", (VOLUNTEER_CAR, VOLUNTEER_CAR, SEARCH_PARTY)),),
    ),
    StationModel(
        "水务抢险队",
        2,
        Tier.OTHER,
        (180, 300),
        "队长",
        (TeamModel("水务队", "engineering", (ENGINEERING_TRUCK, PUMP_TRUCK, PUMP_TRUCK)),),
    ),
)
STATIONS = (
    *FIRE_STATIONS,
    *ENTERPRISE_STATIONS,
    *DISTRICT_STATIONS,
    *PROFESSIONAL_STATIONS,
    *OTHER_STATIONS,
)
