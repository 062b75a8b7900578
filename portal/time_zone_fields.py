"""The time zone as a form field, and as the options of a select."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.kernel import clock, time_zones

REGIONS = {
    "Africa": _("Africa"), "America": _("America"), "Antarctica": _("Antarctica"), "Arctic": _("Arctic"), "Asia": _("Asia"),
    "Atlantic": _("Atlantic"), "Australia": _("Australia"), "Europe": _("Europe"), "Indian": _("Indian Ocean"), "Pacific": _("Pacific"),
}  # fmt: skip


def zone_names() -> list[str]:
    """Places people know: region/city, each under one name only, and UTC."""
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
    names = {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    return ["UTC", *sorted(name for name in names & time_zones.known() if name.split("/")[0] in REGIONS)]


def zone_label(name: str, at: datetime) -> str:
    """“Buenos Aires, Argentina (UTC−03:00)”: the place first, because that is what one looks for."""
    places = [part.replace("_", " ") for part in name.split("/")]
    place = ", ".join(reversed(places[1:])) or places[0]
    offset = at.astimezone(ZoneInfo(name)).strftime("%z")
    return f"{place} (UTC{offset[:3].replace('-', '−')}:{offset[3:5]})"


class TimeZoneSelect(forms.Select):
    """A select of 400 zones, grouped by region; the element around it searches. Written in one go, because a template for each option takes 20 ms."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        final = {**self.attrs, **(attrs or {}), "name": name, "autocomplete": "off"}
        if self.is_required:
            final["required"] = "required"
        chosen = str(value or "")
        return format_html(
            '<time-zone-picker data-find="{}" data-use="{}"><select{}><option value="">{}</option>{}</select></time-zone-picker>',
            _("Type a city to find it"),
            _("Use this device’s zone"),
            format_html_join("", ' {}="{}"', final.items()),
            _("Choose a time zone"),
            zone_options(chosen),
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return data.get(name, "")


def zone_options(chosen: str) -> SafeString:
    """All zones by region, `chosen` selected; an old name of a place is offered only where it is the one chosen."""
    day = clock.now().replace(hour=12, minute=0, second=0, microsecond=0).isoformat()
    html = _options_html(day, get_language() or "en")
    if chosen in time_zones.known() and f' value="{chosen}">' not in html:
        html = format_html('<option value="{1}">{0}</option>', zone_label(chosen, clock.now()), chosen) + html
    # Made of the zone database only: `chosen` merely finds its place in it.
    return mark_safe(html.replace(f' value="{chosen}">', f' value="{chosen}" selected>', 1) if chosen else html)  # noqa: S308


@lru_cache(maxsize=6)
def _options_html(day: str, language: str) -> str:
    """All options in the language in force, which is `language`; the offsets are those of `day`."""
    at = datetime.fromisoformat(day)
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in zone_names():
        groups.setdefault(name.split("/")[0], []).append((zone_label(name, at), name))
    return "".join(_group_html(str(REGIONS.get(region, region)), sorted(zones)) for region, zones in groups.items())


def _group_html(region: str, zones: Iterable[tuple[str, str]]) -> str:
    options = format_html_join("", '<option value="{1}">{0}</option>', zones)
    return format_html('<optgroup label="{}">{}</optgroup>', region, options)


class TimeZoneField(forms.CharField):
    """A required time zone; the browser's own is chosen beforehand where scripts run."""

    widget = TimeZoneSelect
    default_error_messages = {  # noqa: RUF012 because Django reads the attribute of the class
        "required": _("Choose a time zone: every time is shown in it."),
        "unknown": _("Choose a time zone from the list."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if name and name not in time_zones.known():
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return name
