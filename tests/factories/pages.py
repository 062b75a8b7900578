"""What a browser would send from a page: the fields of its forms, as they stand there."""

from html.parser import HTMLParser
from typing import Any


def fields_of(page: Any, action: str = "") -> dict[str, list[str]]:
    """The fields of the form that is posted to `action`, or to the page's own address. KeyError when there is none."""
    reader = _Forms()
    reader.feed(page.content.decode())
    own = page.request["PATH_INFO"]
    return next(fields for to, fields in reader.forms if (to or own).partition("?")[0] == (action or own))


class _Forms(HTMLParser):
    """Collects (action, fields) of every posted form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._fields: dict[str, list[str]] | None = None
        self._select = self._area = ""
        self._first: str | None = None
        self._chosen = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._fields = {}
            if given.get("method") == "post":
                self.forms.append((given.get("action", ""), self._fields))
        if self._fields is None:
            return
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._first, self._chosen = given.get("name", ""), None, "multiple" in given
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._add(self._select, value)
                self._chosen = True
        elif tag == "textarea":
            self._area = given["name"]
            self._add(self._area, "")

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if self._fields is None:
            return
        if tag == "form":
            self._fields = None
        elif tag == "select":
            if not self._chosen and self._first is not None:
                self._add(self._select, self._first)
            self._select = ""
        elif tag == "textarea":
            text = self._fields[self._area][-1].removeprefix("\n")
            self._fields[self._area][-1] = text.replace("\r\n", "\n").replace("\n", "\r\n")  # as browsers send it
            self._area = ""

    def _input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name")
        if not name or kind in ("submit", "button", "file", "image") or "disabled" in given:
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self._add(name, given.get("value", "on" if kind == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        assert self._fields is not None
        self._fields.setdefault(name, []).append(value)
