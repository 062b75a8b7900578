"""Elements of HTML that templates ask for by tag: an icon, initials, a form control with its accessible wiring."""

import functools
import re
import zlib
from pathlib import Path
from typing import Any

from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.kernel import mail_addresses
from core.kernel.letters import first_letter

ICONS_FILE = Path(__file__).with_name("icons.txt")
ICON_SIZES = {"small": "icon icon--small", "medium": "icon", "large": "icon icon--large"}
# Widget class name → how the field is drawn; everything else is a line of text.
KINDS = {
    "CheckboxInput": "check", "RadioSelect": "group", "CheckboxSelectMultiple": "group", "Select": "select",
    "NullBooleanSelect": "select", "SelectMultiple": "multiple", "Textarea": "textarea", "ClearableFileInput": "file",
    "FileInput": "file",
}  # fmt: skip


@functools.cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    return frozenset(ICONS_FILE.read_text().split())


def icon(name: str, size: str = "medium", label: str = "") -> SafeString:
    """One icon of the sprite. Decoration unless it has a label. ValueError for a name the sprite lacks."""
    if name not in icon_names():
        raise ValueError(f"There is no icon {name!r} in the sprite. Add it to themes/icons.txt and run `make setup`.")
    return _drawn(static("vendor/icons.svg"), name, ICON_SIZES[size], str(label))


@functools.lru_cache(maxsize=1000)
def _drawn(sprite: str, name: str, size: str, label: str) -> SafeString:
    """The same few stand on every page, some of them twenty times."""
    href = f"{sprite}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', size, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', size, href)


def initials(name: str) -> str:
    """Two letters for an avatar: of the first and the last word."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words[:1]
    return "".join(first_letter(word) for word in chosen) or "?"


def tone_of(name: str) -> int:
    """One of eight tones, always the same for the same name."""
    return zlib.crc32(str(name).encode()) % 8 + 1


def field_kind(field: BoundField) -> str:
    """How a form field is drawn: text, check, group, select, multiple, textarea or file."""
    for ancestor in type(field.field.widget).__mro__:
        if ancestor.__name__ in KINDS:
            return KINDS[ancestor.__name__]
    return "text"


def control(field: BoundField, help_text: str = "", described_by: str = "") -> SafeString:
    """The widget of a bound field with its class; Django adds aria-invalid and the ids of help and errors."""
    classes = {"select": "select", "multiple": "select select--multiple", "textarea": "input input--area",
               "check": "check__box", "file": "input input--file"}  # fmt: skip
    attrs = {"class": f"{classes.get(field_kind(field), 'input')} {field.field.widget.attrs.get('class', '')}".strip()}
    if field_kind(field) == "group":
        attrs = {}  # because Django hands a group's attributes to every choice in it
    if field.auto_id and not field.use_fieldset:
        ids = [f"{field.auto_id}_help"] if help_text else []
        ids += [f"{field.auto_id}_error"] if field.errors else []
        if described_by or ids:
            attrs["aria-describedby"] = " ".join(filter(None, [described_by, *ids]))
    if getattr(field.field.widget, "input_type", "") in ("password", "email"):
        attrs["placeholder"] = False  # because a library's placeholder only repeats the label, and in other words
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def breakable(text: Any) -> SafeString:
    """An address that goes to the next line as a whole; where it is wider than that, after @ and before a dot, not in the middle of a word."""
    parts = re.split(r"(?<=@)|(?=[.])", str(text or ""))
    broken = format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
    return format_html('<span class="breakable">{}</span>', broken)


def mailto(address: Any) -> str:
    """Where a link to an e-mail address leads; empty where no mail can be sent to it."""
    return mail_addresses.mailto(str(address or ""))


def tel(number: Any) -> str:
    """Where a link to a telephone number leads: "+49 (30) 12-34" is "tel:+49301234" (RFC 3966). Empty without a digit."""
    digits = re.sub(r"[^0-9]", "", str(number or ""))
    return f"tel:{'+' if str(number).strip().startswith('+') else ''}{digits}" if digits else ""


def empty_cells(rows: SafeString) -> SafeString:
    """Rows of a table in which a cell without content has no white space either, so that `:empty` finds it."""
    return SafeString(re.sub(r"(<td\b[^<>]*>)\s+(?=</td>)", r"\1", rows))


def without(query: str, parameter: str) -> str:
    """A query string less one parameter, however often it is there: "when=past&page=2" without "page" is "when=past"."""
    rest = QueryDict(query, mutable=True)
    rest.pop(parameter, None)
    return rest.urlencode()
