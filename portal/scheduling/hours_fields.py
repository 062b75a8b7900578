"""Windows of a day in a form: rows of two times, for everything or for one way of meeting and one service."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from core.kernel.errors import DomainError
from core.scheduling.actions.availability import check_windows, text_of
from core.scheduling.models import Appointment
from core.scheduling.rules.availability import DAY, Window
from portal.person_choices import key_of
from portal.scheduling.service_choices import ServiceChoice

PARTS = ("starts", "ends", "mode", "service")


class Windows(tuple[Window, ...]):
    """Windows that people can read, for a sentence about what somebody else has written."""

    def __str__(self) -> str:
        return ", ".join(text_of(window).replace("-", " – ") for window in self)


class WindowsInput(forms.Widget):
    """Rows of inputs of the same names; a row without times counts as none."""

    template_name = "scheduling/_windows_input.html"
    services: Sequence[ServiceChoice] = ()
    with_kinds = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, ...]]:
        columns = [data.getlist(f"{name}-{part}") for part in PARTS]
        longest = len(columns[0])
        rows = zip(*(column + [""] * (longest - len(column)) for column in columns), strict=False)
        return [row for row in rows if row[0].strip() or row[1].strip()]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        rows = [_row(each) for each in value or ()]
        services = [(str(each.id), str(each.own_name)) for each in self.services] if self.with_kinds else []
        offered = {"", *(key for key, _name in services)}
        return {
            "widget": {"name": name, "id": (attrs or {}).get("id") or f"id_{name}"},
            "rows": [{**row, "is_gone": row["service"] not in offered} for row in rows],
            "blank": {"starts": "", "ends": "", "mode": "", "service": ""},
            "modes": Appointment.Mode.choices if self.with_kinds else (),
            "services": services,
        }

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""


class WindowsField(forms.Field):
    """The windows of one day; cleans to `Windows`, in order."""

    widget = WindowsInput

    def prepare_value(self, value: Any) -> Any:
        return Windows(value) if value and isinstance(value[0], Window) else value

    def to_python(self, value: Any) -> Windows:
        try:
            found = sorted((_window(row) for row in value or ()), key=lambda each: (each.starts, each.ends))
        except ValueError as error:
            raise forms.ValidationError(_("Give both times of each row, from when to when."), code="time") from error
        try:
            check_windows(found, field="")
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        return Windows(found)

    def validate(self, value: Any) -> None:
        """No windows at all are a day on which nothing is worked."""


def _window(row: Sequence[str]) -> Window:
    if isinstance(row, Window):
        return row
    starts, ends = (_minute(text) for text in row[:2])
    mode, service = (row[2] if len(row) > 2 else ""), key_of(row[3]) if len(row) > 3 and row[3] else None
    if mode not in ("", *Appointment.Mode.values):
        raise ValueError(mode)
    return Window(starts, ends or DAY, mode, _services(service))


def _services(service: UUID | None) -> frozenset[UUID]:
    return frozenset() if service is None else frozenset({service})


def _minute(text: str) -> int:
    """Minutes since midnight. ValueError for what is no time."""
    hours, _sep, minutes = text.strip().partition(":")
    found = int(hours) * 60 + int(minutes[:2])
    if not 0 <= found <= DAY or not 0 <= int(minutes[:2]) < 60:
        raise ValueError(text)
    return found


def _row(window: Any) -> dict[str, str]:
    if not isinstance(window, Window):
        return dict(zip(PARTS, [*window, "", ""][:4], strict=False))
    starts, ends = (f"{minute % DAY // 60:02}:{minute % 60:02}" for minute in (window.starts, window.ends))
    return {"starts": starts, "ends": ends, "mode": window.mode, "service": _first(window.services)}


def _first(services: Iterable[UUID]) -> str:
    return next((str(each) for each in sorted(services)), "")
