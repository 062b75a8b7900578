"""Reads an organization's pages as one person in one language, by the links on them, and everything that they load."""

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import Resolver404, resolve

from branding.queries import current_brand
from core.leak_walk.checklist.captures import Capture, Kind
from core.people.models import User
from tenants import absolute_urls

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST_PAGES = 250  # of one person in one language
MOST_BYTES = 4_000_000  # of one answer
NEVER = ("/account/logout/", "/settings/branches/samples/")  # the second show a branch’s name on purpose
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.{1,2}/[^"']+\.js)["']""")
LOADED = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
KINDS = {
    "application/manifest+json": Kind.MANIFEST,
    "text/css": Kind.STYLE,
    "text/javascript": Kind.SCRIPT,
    "application/javascript": Kind.SCRIPT,
    "application/pdf": Kind.DOCUMENT,
    "text/calendar": Kind.CALENDAR,
    "text/html": Kind.PAGE,
}


@dataclass
class Visitor:
    """One person with a browser of their own.

    `seen` holds which page of the product was read, whatever its ids; `assets` what was loaded, by this person or another.
    """

    role: str
    language: str
    user: User | None = None
    assets: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.host = absolute_urls.primary_host()
        self.browser = Browser(
            headers={"host": self.host, "accept-language": self.language}, raise_request_exception=False
        )
        if self.user is not None:
            self.browser.force_login(self.user, backend=BACKEND)
            session = self.browser.session
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()
            assert SESSION_KEY in session

    def fetch(
        self, path: str, *, kind: Kind | None = None, method: str = "get", host: str = "", **headers: str
    ) -> Capture:
        """One answer. A path beyond our own host is not asked."""
        if host:
            headers = {**headers, "host": host}
        answer = getattr(self.browser, method)(path, secure=settings.PUBLIC_SCHEME == "https", headers=headers)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        content = _body(answer)
        found = kind or _kind_of(answer.status_code, media_type)
        return Capture(
            kind=found,
            place=f"{settings.PUBLIC_SCHEME}://{host or self.host}{path}",
            content=content[:MOST_BYTES],
            role=self.role,
            language=self._language_of(path),
            status=answer.status_code,
            headers=tuple((name.lower(), str(value)) for name, value in answer.items()),
            cookies=tuple(answer.cookies),
        )

    def _language_of(self, path: str) -> str:
        """In which language the page must be: the one that a public address begins with, else the person's."""
        first = path[1:].partition("/")[0]
        return first if first in (current_brand().languages or ()) else self.language

    def walk(self, starts: Iterable[str]) -> Iterator[Capture]:
        """The starts, each once, and what links lead to: of every page of the product one."""
        waiting, left = deque(starts), MOST_PAGES
        named = set(waiting)
        while waiting and left:
            path = waiting.popleft()
            if path not in named and _page_of(path) in self.seen:
                continue
            named.discard(path)  # every page links to some of them
            left -= 1
            self.seen.add(_page_of(path))
            capture = self.fetch(path)
            yield capture
            if moved := capture.header("location"):
                waiting.extend(self._own([moved], path))
            if capture.kind in (Kind.PAGE, Kind.ERROR):
                yield from self.load(capture)
                waiting.extend(self._own(_links(capture), path))

    def load(self, page: Capture) -> Iterator[Capture]:
        """What the page loads and nobody has loaded before: styles, scripts, pictures, fonts' names, the manifest."""
        wanted = deque((address, page.path) for address in _assets(page))
        while wanted:
            address, base = wanted.popleft()
            for path in self._own([address], base):
                if path in self.assets:
                    continue
                self.assets.add(path)
                capture = self.fetch(path)
                yield capture
                if capture.kind == Kind.SCRIPT:
                    wanted.extend((found, path) for found in IMPORTED.findall(capture.text))
                elif capture.kind == Kind.STYLE:
                    wanted.extend((found, path) for found in LOADED.findall(capture.text))

    def _own(self, addresses: Iterable[str], base: str) -> list[str]:
        """Those on our own host, as paths."""
        here = f"{settings.PUBLIC_SCHEME}://{self.host}{base}"
        found = []
        for address in addresses:
            whole = urlsplit(urldefrag(urljoin(here, address)).url)
            if whole.scheme in ("http", "https") and whole.hostname == self.host and whole.path not in NEVER:
                found.append(whole.path + (f"?{whole.query}" if whole.query else ""))
        return found


def _body(answer: Any) -> bytes:
    if not answer.streaming:
        return answer.content
    if answer.is_async:
        return async_to_sync(_gathered)(answer)
    return b"".join(answer.streaming_content)


async def _gathered(answer: Any) -> bytes:
    return b"".join([part async for part in answer.streaming_content])


def _page_of(path: str) -> str:
    """Which page of the product this is: its name, or the path itself for pages that the organization writes."""
    plain = urlsplit(path).path
    try:
        name = resolve(plain, settings.ROOT_URLCONF).view_name
    except Resolver404:
        return plain
    return plain if name in ("", "wagtail_serve") else name


def _kind_of(status: int, media_type: str) -> Kind:
    if 300 <= status < 400:
        return Kind.PART
    if status >= 400:
        return Kind.ERROR if media_type == "text/html" else Kind.PART
    if media_type.startswith("image/"):
        return Kind.IMAGE
    return KINDS.get(media_type, Kind.PART)


def _links(page: Capture) -> list[str]:
    links = (tag for tag in page.tags("a") if tag.has_attr("href"))
    return [str(tag["href"]) for tag in links if not tag.has_attr("download") or _is_file(tag)]


def _is_file(tag: Any) -> bool:
    return str(tag["href"]).rstrip("/").endswith((".ics", "calendar", "document", "receipt"))


def _assets(page: Capture) -> list[str]:
    addresses = [tag.get("href") for tag in page.tags("link")]
    addresses += [tag.get("src") for tag in page.tags("script", "img", "source")]
    return [str(address) for address in addresses if address]
