"""Addresses on the public site: of a page in a language, and what a button's target means.

A target is `page:<id>`, which outlives a change of the page's address, `sign-in`, or an address that somebody typed.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

HOME = "/home/"  # Wagtail's path of the front page, below which all others are
HELP = "/help/"  # the help centre, which is no page here
SIGN_IN = "sign-in"
_PAGE = re.compile(r"page:(\d+)")


def path_of_page(url_path: str) -> str:
    """Wagtail's path as an address on the organization's host: `/home/team/` -> `/team/`."""
    return "/" + url_path.removeprefix(HOME)


def in_language(path: str, language: str) -> str:
    """The address of a page in one language; the plain one, which follows the reader, for none."""
    return f"/{language}{path}" if language else path


def page_of(target: str) -> int | None:
    """The id of the page to which a target leads."""
    found = _PAGE.fullmatch(target)
    return int(found[1]) if found else None


def address_of(target: str, *, paths: Mapping[int, str], sign_in: str, language: str = "") -> str:
    """Where a target leads; empty when its page is not public (any more). `paths`: of the public pages, by id."""
    page = page_of(target)
    if page is not None:
        return in_language(paths[page], language) if page in paths else ""
    return sign_in if target == SIGN_IN else target


def is_address(typed: str) -> bool:
    """Whether it is an address on this host, on another one over HTTPS, or of a mailbox or telephone."""
    try:
        parts = urlsplit(typed)
    except ValueError:  # `https://[`
        return False
    if any(letter.isspace() or letter in "<>\"'\\" for letter in typed):
        return False
    if parts.scheme in {"mailto", "tel"}:
        return bool(parts.path)
    if parts.scheme in {"https", "http"}:
        return bool(parts.hostname)
    return not parts.scheme and typed.startswith("/") and not typed.startswith("//")
