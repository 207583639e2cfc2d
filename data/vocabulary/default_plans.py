"""
The response plans shipped for cities that have none of their own.

They are assumptions for a city to replace: deadlines count from the order. Order texts leave open ``{kind}``,
``{severity}``, ``{place}``, ``{substance}`` and ``{arrival}``, in the manner of ``str.format``. They and the
action cards (应急处置卡) hold two languages: Chinese, then English.
"""

import json
from importlib.resources import files

from data.registry.plans import NewContact, NewNeed, NewPlan, NewSupply
from data.vocabulary.shipped import shipped_rows

CONTACTS = (
    NewContact(role="消防 Fire and rescue", name="119", phone="119"),
    NewContact(role="急救 Ambulance", name="120", phone="120"),
)


def default_plans() -> tuple[NewPlan, ...]:
    """Return a plan for every kind of incident and severity, and one for chlorine."""
    texts = _texts()
    needs, supplies = shipped_rows("plan_needs.csv"), shipped_rows("plan_supplies.csv")
    return tuple(
        NewPlan(
            **_said(row, "name", "incident_kind", "severity", "grade", "substance", "lead_department"),
            order_text=texts[row["text"]][0],
            action_card=texts[row["text"]][1],
            needs=tuple(NewNeed(**_said(need, *_NEED)) for need in needs if need["plan"] == row["name"]),
            supplies=tuple(
                NewSupply(**_said(supply, *_SUPPLY)) for supply in supplies if supply["plan"] == row["name"]
            ),
            contacts=CONTACTS,
            standards=tuple(filter(None, row["standards"].split(";"))),
        )
        for row in shipped_rows("plans.csv")
    )


_NEED = ("capability", "quantity", "level", "deadline_s", "weight")
_SUPPLY = ("item", "quantity", "unit_of_measure", "deadline_s")


def _said(row: dict[str, str], *columns: str) -> dict[str, str]:
    return {column: row[column] for column in columns if row[column]}


def _texts() -> dict[str, tuple[str, str]]:
    """Return the order text and the action card of each subject."""
    with (files("data.vocabulary") / "plan_texts.json").open(encoding="utf-8") as lines:
        return {
            subject: (f"{text['order_zh']}\n\n{text['order_en']}", _card(text["card_zh"], text["card_en"]))
            for subject, text in json.load(lines).items()
        }


def _card(zh: list[str], en: list[str]) -> str:
    return "\n\n".join("\n".join(f"{i}. {step}" for i, step in enumerate(steps, 1)) for steps in (zh, en))
