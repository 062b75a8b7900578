"""Every form of an organization's host, sent with every field filled by what people do write, and its page opened again.

A page that only works while an optional field is empty is found here: a file that the page then shows, a name with signs of many scripts.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve
from PIL import Image

from core.kernel import clock
from tests.factories.web import browser_of
from tests.isolation.addresses import addresses
from tests.isolation.samples import value_for

NASTY = "Zoë “the 1st” O'Brien 李明 👩‍👧 שלום <b>&amp;"
FILLED = {
    "email": "zoe@example.org", "tel": "+353 85 123 4567", "url": "https://example.org/", "number": "1", "color": "#fff6a3",
    "date": (clock.now() + timedelta(days=3)).date().isoformat(), "time": "10:15",
    "datetime-local": (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "password": "Correct horse 1 battery",
}  # fmt: skip


PARTS = 8  # so that no single test takes minutes
MOST_ALIKE = 3


class RolledBack(Exception):
    """Ends the savepoint of one form."""


def picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGBA", (300, 80), "#fff6a3").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


def filled(form: Tag) -> Iterator[tuple[str, Any]]:
    """Every field with what it has, or with something that a person could write there."""
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), str(field.get("type", field.name))
        if field.name == "select":
            options = [option for option in field.select("option") if option.get("value")]
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            if chosen:
                yield name, chosen[0]["value"]
        elif kind in {"checkbox", "radio"}:
            yield name, field.get("value", "on")
        elif kind == "file":
            yield name, picture()
        elif kind not in {"submit", "button", "reset"}:
            most = int(str(field.get("maxlength") or 4000))
            yield (
                name,
                field.get("value") or field.text.strip() or FILLED.get(kind, NASTY if kind != "hidden" else "")[:most],
            )


def pages_with_forms(cast: Any) -> Iterator[str]:
    """The pages of an owner that hold a form of their own."""
    for address in addresses("deploy.urls.tenant"):
        if not address.name.startswith(("account_", "mfa_", "brand:", "public_", "health", "dns", "certificate")):
            yield address.path(lambda view, parameter, _kind: value_for(cast, view, parameter))


def few_of_each(forms: Iterable[Tag], path: str) -> Iterator[Tag]:
    """Three of those that are sent to one view: a list of a hundred articles has three buttons in each row."""
    known: Counter[str] = Counter()
    for form in forms:
        view = resolve(str(form.get("action") or path).partition("?")[0], "deploy.urls.tenant").view_name
        known[view] += 1
        if known[view] <= MOST_ALIKE:
            yield form


def send(browser: Any, path: str, form: Tag) -> list[tuple[str, int]]:
    """Send it, follow where it leads, and open the page again; what answered with an error of ours."""
    target = str(form.get("action") or path)
    answers = []
    try:
        with transaction.atomic():
            data: dict[str, list[Any]] = {}
            for name, value in filled(form):
                data.setdefault(name, []).append(value)
            answers.append((f"POST {target}", browser.post(target, data, follow=True).status_code))
            answers.append((f"GET {path} afterwards", browser.get(path, follow=True).status_code))
            raise RolledBack
    except RolledBack:
        return [answer for answer in answers if answer[1] >= 500]


@pytest.fixture
def cast(cast_with_things):
    return cast_with_things


@pytest.mark.parametrize("part", range(PARTS))
def test_every_form_is_sent_whole_and_its_page_opens_again(cast, part):
    browser = browser_of(cast.nora)
    browser.raise_request_exception = False
    broken, sent = [], 0
    for path in [*pages_with_forms(cast)][part::PARTS]:
        page = browser.get(path)  # one that leads elsewhere is looked at there
        if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
            continue
        for form in few_of_each(BeautifulSoup(page.content, "html.parser").select('main form[method="post"]'), path):
            sent += 1
            broken += send(browser, path, form)

    assert broken == []
    assert sent > 60 / PARTS
