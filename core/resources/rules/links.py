"""What a link of the web leads to, by its host and path.

Documents, sheets, slides and drawings of Google's, and scores of Flat's, are called by their kind; everything else is a page of the web. A link is
opened in a tab of its own, because what it shows belongs to somebody else. Only addresses that begin with https:// or http:// are links.
docs/rules/links.md has the table.
"""

from urllib.parse import urlsplit

LONGEST = 1000
_GOOGLE = {
    "document": "google_docs",
    "spreadsheets": "google_sheets",
    "presentation": "google_slides",
    "drawings": "google_drawings",
}
_FLAT = ("flat.io", "www.flat.io")


def kind_of_link(address: str) -> str:
    """One of `google_docs`, `google_sheets`, `google_slides`, `google_drawings`, `flat`, `web`; empty for what is no link."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "." not in host or any(sign.isspace() for sign in address):
        return ""
    if parts.username is not None or len(address) > LONGEST:
        return ""
    if host == "docs.google.com":
        return _GOOGLE.get(parts.path.strip("/").partition("/")[0], "web")
    return "flat" if host in _FLAT else "web"
