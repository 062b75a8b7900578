"""What a form was made from, so that nobody's change is lost when two people have the same form open.

A page carries a mark of each value that it showed, signed. When the form comes back, three things are compared under lock: what it was made
from, what stands there now, and what was sent. What only one of both changed is kept; what both changed differently is a conflict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.base import File
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.translation import translate

FIELD = "form_version"
SALT = "portal.form_version"
FEW = 4  # marks that are not worth the time it takes to compress them
SETS = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)  # merged element by element

Mark = str | list[str]


@dataclass(frozen=True)
class Version:
    """The marks of the values from which a form was made, and when that was."""

    marks: Mapping[str, Mark]
    made_at: datetime

    def with_now(self, names: Iterable[str], values: Mapping[str, Any]) -> "Version":
        """The same, but these values seen as they are now: whoever sends again has read of them."""
        return replace(
            self, marks={**self.marks, **marks_of({name: values[name] for name in names})}, made_at=clock.now()
        )


@dataclass(frozen=True)
class Difference:
    """What came of the comparison: values to keep as somebody else has written them, and names that both have changed."""

    kept: dict[str, Any] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)


def marks_of(values: Mapping[str, Any]) -> dict[str, Mark]:
    """A mark for each value: equal for equal values, and telling nothing of them."""
    return {name: _mark(value) for name, value in values.items()}


def signed(version: Version, *, address: str, user_id: str) -> str:
    """The version as a hidden field; good for one person at one address."""
    made_at = int(version.made_at.timestamp() * 1000)
    marks = dict(version.marks)
    return signing.dumps([address, user_id, made_at, marks], salt=SALT, compress=len(marks) > FEW)


def sent_with(sent: QueryDict, *, address: str, user_id: str) -> Version | None:
    """The version that came with a form; None when there is none of this form. ConflictError `version_unreadable` for a damaged one."""
    return read(sent.get(FIELD, ""), address=address, user_id=user_id)


def read(text: str, *, address: str, user_id: str) -> Version | None:
    """The same of its text."""
    if not text:
        return None
    try:
        made_for, sender, made_at, marks = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise ConflictError(
            "version_unreadable",
            translate(
                "This page is too old to be sent as it is. Compare it with what stands there now, then send it again."
            ),
        ) from error
    if (made_for, sender) != (address, user_id):
        return None
    return Version(marks, datetime.fromtimestamp(made_at / 1000, UTC))


def carry(request: HttpRequest, version: Version, *, address: str, user_id: str) -> None:
    """Let the forms of the page that is being written carry the version; only the one that is sent to `address` minds it."""
    request.signed_form_version = signed(version, address=address, user_id=user_id)  # type: ignore[attr-defined]


def of_page(request: HttpRequest) -> str:
    """The signed version of the form on the page that is being written; empty when it edits nothing."""
    return getattr(request, "signed_form_version", "")


def changed_since(version: Version, values: Mapping[str, Any]) -> list[str]:
    """The names whose values are others now."""
    now = marks_of(values)
    return [name for name, mark in version.marks.items() if name in now and now[name] != mark]


def compare(form: forms.BaseForm, version: Version, values: Mapping[str, Any]) -> Difference:
    """Compare what was sent with what the form was made from, and with `values`, which stand there now. Checks the form."""
    form.is_valid()
    difference = Difference()
    for name in changed_since(version, values):
        if name not in form.fields or name not in form.cleaned_data:
            continue  # because a field with an error is shown with it, and compared when it comes again
        before, now, mine = version.marks[name], values[name], form.cleaned_data[name]
        if _mark(mine) == before:
            difference.kept[name] = now
        elif isinstance(form.fields[name], SETS):
            difference.kept[name] = _merged(set(before if isinstance(before, list) else ()), now or (), mine)
        elif _mark(mine) != _mark(now):
            difference.conflicts.append(name)
    return difference


def keep(form: forms.BaseForm, kept: Mapping[str, Any]) -> None:
    """Check a form anew in which these fields have these values, whatever was sent."""
    for name, value in kept.items():
        form.initial[name] = form.fields[name].prepare_value(value)
        form.fields[name].disabled = True  # so that Django takes the initial value
    form.is_valid()
    for name in kept:
        form.fields[name].disabled = False


def shown(of: forms.Field, value: Any) -> str:
    """A value as somebody reads it: a choice by its label, nothing as a dash."""
    if isinstance(of, forms.BooleanField):
        return translate("yes") if value else translate("no")
    if isinstance(of, SETS):
        return ", ".join(_label(of, each) for each in value) or "–"
    return _label(of, value) or "–"


def _label(of: forms.Field, value: Any) -> str:
    raw = str(_raw(of.prepare_value(value)) if value not in (None, "") else "")
    for key, label in getattr(of, "choices", []):
        grouped = label if isinstance(label, list | tuple) else [(key, label)]
        for each, text in grouped:
            if str(each) == raw:
                return str(text)
    return raw


def _merged(before: set[str], now: Any, mine: Any) -> list[Any]:
    """What stands there now, less what I took away, and what I added."""
    wanted = {_mark(each): _raw(each) for each in mine}
    standing = {_mark(each): _raw(each) for each in now}
    kept = [raw for mark, raw in standing.items() if mark in wanted or mark not in before]
    return kept + [raw for mark, raw in wanted.items() if mark not in before and mark not in standing]


def _raw(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _mark(value: Any) -> Any:
    if isinstance(value, list | tuple | set | QuerySet) and value:
        return sorted(_mark(each) for each in value)
    mark = _keyed(settings.SECRET_KEY).copy()
    mark.update(_plain(value).encode())
    return mark.hexdigest()[:16]


@lru_cache(maxsize=1)
def _keyed(_secret: str) -> Any:
    """An HMAC with its key, which takes longer to make than the mark of a value; a calendar's week has a thousand of those."""
    return salted_hmac(SALT, "")


def _plain(value: Any) -> str:
    """The same text for what is the same to people: stored or sent, with either kind of line end."""
    if value is None or value is False or isinstance(value, list | tuple | set | QuerySet):
        return ""  # nothing, or none of several
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, File):
        return (
            str(value.name or "") if isinstance(value, FieldFile) else f"upload {value.name} {value.size} {clock.now()}"
        )
    return str(value).replace("\r\n", "\n").strip()
