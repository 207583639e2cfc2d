"""Who is out already does something else when another refuses: the mixed crew washes, diggers come later."""

from tests.api.life import Desk
from tests.decision_town import Crew, up_mill_road


def test_a_unit_that_is_out_takes_over_what_the_next_answer_counts_on_it_for(desk: Desk) -> None:
    desk.town.write(
        Crew("washers", up_mill_road(500), {"decontamination": 40}),
        Crew("mixed", up_mill_road(600), {"decontamination": 40, "rescue": 6}),
        Crew("diggers", up_mill_road(2000), {"rescue": 6}),
    )
    incident = desk.report("decontamination=40,rescue=6", kind="fire", severity=4)
    claimed = {one["unit_name"]: one for one in desk.dispatch(incident, order=True)["claimed"]}
    assert {name: one["roles"] for name, one in claimed.items()} == {
        "washers": {"decontamination": 40},
        "mixed": {"rescue": 6},
    }
    desk.step(claimed["washers"]["id"], "refused", note="no water")
    anew = desk.post(f"/incidents/{incident}/recommendation", {})
    assert anew["choice"]["shortfall"] == {}
    desk.dispatch(incident, order=True)
    roles = {
        one["unit_name"]: one["roles"]
        for one in desk.each(f"/incidents/{incident}/assignments")
        if one["closed_at"] is None
    }
    assert roles == {"mixed": {"decontamination": 40}, "diggers": {"rescue": 6}}
    assert desk.each("/waiting") == []
    *_, confirmed = [event for event in desk.events(incident) if event["kind"] == "dispatch.confirmed"]
    assert confirmed["detail"]["roles"] == [{"unit": desk.unit("mixed"), "now": {"decontamination": 40}}]
