"""What would have to change for somebody to be listed, and where they would then stand."""

from datetime import date

import numpy as np
import pytest

from routing import reasons
from routing.changes import FromBase, GivenBack, Offer, Reopened, applied
from routing.counterfactual import Counterfactual, NothingHelps, Remedies, counterfactual
from routing.dispatch import Rules, choose_units
from routing.needs import AddsUp, Requirement
from routing.reasons import Failure, Share
from routing.snapping import RoadIndex
from routing.spoken import ordinal_en, ordinal_zh
from tests.towns import Street, spot, town
from tests.unit.routing.candidates import Candidate, in_columns
from tests.unit.routing.routers import car

INF = float("inf")
RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
MEDICAL = Requirement("medical", 1)
HAZMAT_3 = Requirement("hazmat", 3, AddsUp.MAXIMUM)
SORBENT = Requirement("sorbent", 500)
SOONER, LATER = Candidate(1, travel_s=10), Candidate(2, travel_s=9000)


def first_of(*rows: Candidate, needs: tuple[Requirement, ...] = (MEDICAL,)) -> Counterfactual | NothingHelps:
    """Ask about the first, of whom nothing more is known."""
    return counterfactual(needs, in_columns(rows, len(needs)), RULES, 0, Remedies())


def said(found: Counterfactual | NothingHelps) -> tuple[str, str]:
    assert isinstance(found, Counterfactual)
    return found.en, found.zh


def test_who_is_out_of_service_would_stand_where_its_arrival_puts_it() -> None:
    found = first_of(Candidate(3, in_service=False), SOONER, LATER)
    assert said(found) == ("second if it is back in service", "若恢复执勤则列第二")


def test_who_is_busy_elsewhere_would_go_once_it_is_released() -> None:
    found = first_of(Candidate(3, busy=reasons.busy(7, "en-route")), SOONER, LATER)
    assert said(found) == ("second if it is released", "若解除当前任务则列第二")


def test_who_refused_would_go_if_it_agreed() -> None:
    found = first_of(Candidate(3, busy=reasons.refused("flat tyre")), LATER)
    assert said(found) == ("first if it agrees to come", "若同意出动则列第一")


def test_who_is_kept_at_home_would_go_by_consent() -> None:
    found = first_of(Candidate(3, held=reasons.held_at_home("the chlorine works")), LATER)
    assert said(found) == ("first if its leaving home is consented to", "若对方同意调出则列第一")


def test_everything_in_the_way_is_said_together() -> None:
    row = Candidate(3, in_service=False, offered=(0,), held=reasons.held_at_home("the chlorine works"))
    assert said(first_of(row, SOONER)) == (
        "second if it is back in service, its leaving home is consented to and it offers medical 1",
        "若恢复执勤且对方同意调出且具备医疗救护1人则列第二",
    )


@pytest.mark.parametrize(
    ("need", "row", "en", "zh"),
    [
        (HAZMAT_3, Candidate(3, offered=(2,)), "it offers hazmat 3", "具备危化品处置3级"),
        (
            Requirement("medical", 4, level=2),
            Candidate(3, offered=(3,), level=(1,)),
            "it offers medical 3 at level 2",
            "具备2级医疗救护3人",
        ),
        (
            Requirement("hazmat", 3, AddsUp.MAXIMUM, level=2),
            Candidate(3, offered=(1,)),
            "it offers hazmat 2",
            "具备危化品处置2级",
        ),
        (
            Requirement("command", 2, AddsUp.SQUADS),
            Candidate(3, offered=(0.5,)),
            "it offers command 1",
            "具备指挥通信1个班组",
        ),
        (Requirement("sand", 0.25), Candidate(3, offered=(0,)), "it offers sand 0.25", "具备sand0.25"),
    ],
)
def test_the_smallest_share_that_counts_is_asked_for(
    need: Requirement, row: Candidate, en: str, zh: str
) -> None:
    assert said(first_of(row, needs=(need,))) == (f"first if {en}", f"若{zh}则列第一")


@pytest.mark.parametrize(
    ("need", "withheld", "en", "zh"),
    [
        (
            HAZMAT_3,
            reasons.certificate_expired(Share("hazmat", 3), date(2026, 3, 1)),
            "its hazmat certificate is renewed",
            "危化品处置资质完成换证",
        ),
        (
            SORBENT,
            reasons.stock_expired(Share("sorbent", 200), "kg", date(2026, 3, 1)),
            "its expired sorbent is replaced",
            "过期吸附材料完成更换",
        ),
        (
            SORBENT,
            reasons.stock_held(Share("sorbent", 200), "kg"),
            "its minimum of sorbent is released",
            "吸附材料最低储备获准动用",
        ),
        (
            SORBENT,
            reasons.stock_later(Share("sorbent", 200), "kg", 14400),
            "its sorbent is available now",
            "吸附材料即刻可用",
        ),
    ],
)
def test_what_is_withheld_is_given_back_rather_than_something_new_brought(
    need: Requirement, withheld: Failure, en: str, zh: str
) -> None:
    row = Candidate(3, offered=(0,), expired=(withheld,))
    assert said(first_of(row, needs=(need,))) == (f"first if {en}", f"若{zh}则列第一")


def test_half_a_squad_given_back_makes_a_whole_one_of_the_half_there_is() -> None:
    half = reasons.certificate_expired(Share("search", 0.5, level=2), date(2026, 3, 1))
    found = first_of(
        Candidate(3, offered=(0.5,), level=(1,), expired=(half,)),
        needs=(Requirement("search", 1, AddsUp.SQUADS),),
    )
    assert found == Counterfactual((GivenBack(half, (Offer(0, 1.0, 2.0),)),), 1)


def test_a_certificate_for_too_low_a_level_would_not_help_and_is_not_promised() -> None:
    old = reasons.certificate_expired(Share("hazmat", 2), date(2026, 3, 1))
    row = Candidate(3, offered=(0,), expired=(old,))
    assert said(first_of(row, needs=(HAZMAT_3,)))[0] == "first if it offers hazmat 3"


def test_a_position_from_the_future_is_replaced_by_the_base_where_the_way_from_there_is_known() -> None:
    candidates = in_columns([Candidate(3, travel_s=5, ahead_s=3600), SOONER])
    found = counterfactual([MEDICAL], candidates, RULES, 0, Remedies(from_base_s=300))
    assert found == Counterfactual((FromBase(300),), 2)
    assert said(found)[1] == "若定位恢复正常并从驻地出发则列第二"
    assert counterfactual([MEDICAL], candidates, RULES, 0, Remedies()) == NothingHelps(
        "its way from its base is not known", "从驻地出发的行程未知"
    )


def test_nobody_can_move_a_base_to_the_road() -> None:
    found = first_of(Candidate(3, off_m=812.4, in_service=False), SOONER)
    assert found == NothingHelps(
        "it stands 812 m off the network, and nothing moves that", "偏离路网812米且无法移动"
    )


def test_where_no_reopening_lets_it_through_nothing_helps() -> None:
    found = first_of(Candidate(3, travel_s=INF), SOONER)
    assert isinstance(found, NothingHelps)
    assert found.en == "no reopening is known that lets it through"


def test_who_is_listed_already_is_told_of_a_reopening_only_where_it_gains_by_it() -> None:
    candidates = in_columns([Candidate(3, travel_s=600), Candidate(1, travel_s=100)])
    for_all = Reopened(("the ferry",), np.array([90.0, 80.0]))
    for_it = Reopened(("the bridge", "the tunnel"), np.array([90.0, 100.0]))
    found = counterfactual([MEDICAL], candidates, RULES, 0, Remedies(reopenings=(for_all, for_it)))
    assert said(found) == (
        "first if the bridge and the tunnel reopen",
        "若the bridge、the tunnel重新开放则列第一",
    )
    assert isinstance(first_of(SOONER, LATER), NothingHelps)


def test_second_if_the_bridge_reopens_is_what_a_run_with_the_bridge_open_gives() -> None:
    network = town(
        {"near": spot(-500, 0), "incident": spot(0, 0), "far": spot(-3000, 0), "over": spot(0, 1000)},
        [Street("near", "incident"), Street("far", "near"), Street("over", "incident", name="the bridge")],
    )
    lon, lat = np.array([spot(*at) for at in [(0, 0), (0, 1000), (-500, 0), (-3000, 0)]]).T
    places = RoadIndex(network).snap(lon, lat)
    open_roads = car(network)
    shut = open_roads.under(open_roads.metric.under(np.array([False, False, True]), np.ones(3)))
    closed_s, open_s = (router.times_to(places[1:], places[:1]) for router in (shut, open_roads))
    candidates = in_columns([Candidate(i, travel_s=t) for i, t in enumerate(closed_s.tolist())])
    assert choose_units([MEDICAL], candidates, RULES).listed.tolist() == [1, 2]
    bridge = Reopened(("the bridge",), open_s)
    found = counterfactual([MEDICAL], candidates, RULES, 0, Remedies(reopenings=(bridge,)))
    assert said(found) == ("second if the bridge reopens", "若the bridge重新开放则列第二")
    then = applied(candidates, 0, [bridge])
    assert then.arrival_s == pytest.approx([100, 50, 300], abs=0.1)
    assert choose_units([MEDICAL], then, RULES).listed.tolist() == [1, 0, 2]


def test_where_nothing_is_required_nothing_helps() -> None:
    found = counterfactual([], in_columns([Candidate(1, offered=())], 0), RULES, 0, Remedies())
    assert found == NothingHelps("nothing is needed", "没有任何需求")


def test_ranks_are_said_in_words_to_ten_and_in_figures_beyond() -> None:
    assert [ordinal_en(rank) for rank in (1, 10, 11, 21, 22, 23, 112)] == [
        *("first", "tenth", "11th", "21st", "22nd", "23rd", "112th")
    ]
    assert [ordinal_zh(rank) for rank in (1, 10, 11)] == ["第一", "第十", "第11"]
