"""Rich text of public pages and legal texts: a few elements of HTML, cleaned when it is written."""

import nh3
from django.utils.html import linebreaks

ELEMENTS = {"p", "br", "h2", "h3", "strong", "em", "a", "ul", "ol", "li", "blockquote"}
SCHEMES = {"http", "https", "mailto", "tel"}


def clean(written: str) -> str:
    """Leave what may stand there; text without any element becomes paragraphs."""
    if "<" not in written:
        written = linebreaks(written.strip(), autoescape=True) if written.strip() else ""
    return nh3.clean(
        written, tags=ELEMENTS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )


def is_empty(cleaned: str) -> bool:
    """Whether nothing is left to read."""
    return not nh3.clean(cleaned, tags=set()).strip()
