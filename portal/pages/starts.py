"""What a new page can start with: the sections of a usual page, in the language that is written, to be written over."""

from typing import Any

from django.utils.translation import gettext as _

from branding.queries import term

EMPTY = "empty"


def choices() -> list[tuple[str, str]]:
    """The starts, by name."""
    return [
        (EMPTY, _("Nothing")),
        ("text", _("Text")),
        ("services", _("%(Services)s and prices")),
        ("team", _("%(Staff_members)s")),
        ("articles", _("Articles")),
        ("contact", _("Contact")),
    ]


def sections_of(start: str, title: str) -> list[dict[str, Any]]:
    """The sections of a start."""
    opening = {"type": "hero", "value": {"heading": title}}
    if start == "services":
        return [
            opening,
            {"type": "services", "value": {"heading": term("service", plural=True).capitalize(), "prices": True}},
        ]
    if start in ("articles", "team"):
        return [opening, {"type": start, "value": {"heading": ""}}]
    if start == "contact":
        return [opening, {"type": "contact", "value": {"heading": _("How to reach us")}}]
    if start == "text":
        return [
            {"type": "text", "value": {"heading": "", "body": f"<p>{_('Write here what readers should know.')}</p>"}}
        ]
    return []
