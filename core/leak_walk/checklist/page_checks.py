"""What pages, their scripts and styles say, and in which headers they come."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import Facts, Finding, check, foreign, gaps_in, made_of, told, vendor_in

PAGES = (Kind.PAGE, Kind.ERROR)
ANSWERS = (Kind.PAGE, Kind.PART, Kind.ERROR, Kind.MANIFEST, Kind.ROBOTS)
FETCHED = (*ANSWERS, Kind.SCRIPT, Kind.STYLE, Kind.IMAGE)
TRACES = re.compile(r"Traceback \(most recent|psycopg\.|django\.db\.|File \"/|\bSELECT .{1,80} FROM \"")
STORED = re.compile(
    r"(?:localStorage|sessionStorage)\.\w+Item\(\s*[\"'`]([^\"'`]+)|(?:BroadcastChannel|caches\.open|indexedDB\.open)\(\s*[\"'`]([^\"'`]+)"
)
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?:https?:)?//([^/\"')]+)|@import\s+[\"'](?:https?:)?//([^/\"']+)")
CAREFUL = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
ICONS = {"icon", "apple-touch-icon", "mask-icon"}
APP_HINTS = {"apple-itunes-app", "google-play-app"}
INSTALLED_NAMES = {"application-name", "apple-mobile-web-app-title"}
LOADING = ("script", "img", "iframe", "source", "video", "audio", "embed")
SIGNED_AWAY = re.compile(r"X-Amz-|AWSAccessKeyId|X-Goog-", re.IGNORECASE)


@check("K-01", *PAGES)
def titles(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        title = page.soup.title.get_text().strip() if page.soup.title else ""
        if facts.name not in title:
            yield Finding(page.where, title or "<title>")
        yield from told(page, vendor_in(facts, title))


@check("K-02", Kind.PAGE, only=lambda page: bool(page.soup.head))
def icons(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        links = [link for link in page.tags("link") if ICONS & set(link.get("rel") or ())]
        if not links:
            yield Finding(page.where, "rel=icon")
        yield from told(page, (host for link in links if (host := foreign(facts, page.place, str(link.get("href"))))))


@check("K-03", Kind.MANIFEST)
def manifests(facts: Facts, manifests: list[Capture]) -> Iterator[Finding]:
    for manifest in manifests:
        content = json.loads(manifest.text)
        for key in ("name", "short_name"):
            if not content.get(key) or content[key].rstrip("…") not in facts.name:
                yield Finding(manifest.where, f"{key}: {content.get(key)}")
        if not content.get("icons"):
            yield Finding(manifest.where, "icons")
        yield from told(manifest, (*vendor_in(facts, manifest.text), *made_of(manifest.text)))


@check("K-04", *PAGES)
def previews(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.tags("meta"):
            name, content = str(tag.get("name") or tag.get("property") or ""), str(tag.get("content") or "")
            if name == "generator":
                yield Finding(page.where, content)
            yield from told(page, (*vendor_in(facts, content), *made_of(content)))


@check("K-05", *FETCHED)
def headers(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        for name, value in answer.headers:
            line = f"{name}: {value}"
            if name in ("server", "x-powered-by", "via") or re.fullmatch(r"x-.*-version", name):
                yield Finding(answer.where, line)
            yield from told(answer, (line for _ in (*vendor_in(facts, line), *made_of(line))))


@check("K-06", *FETCHED)
def stored_names(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        names = list(answer.cookies)
        if answer.kind == Kind.SCRIPT:
            names += [found[1] or found[2] for found in STORED.finditer(answer.text)]
        yield from told(answer, (name for name in names if any(vendor_in(facts, name)) or any(made_of(name))))


@check("K-07", Kind.SCRIPT)
def scripts(facts: Facts, scripts: list[Capture]) -> Iterator[Finding]:
    for script in scripts:
        yield from told(script, vendor_in(facts, script.text))
        if "sourceMappingURL" in script.text:
            yield Finding(script.where, "sourceMappingURL")


def around_legal_texts(page: Capture) -> str:
    """A page without the words of legal texts, which may name whom the organization wants to name (K-51)."""
    if "/legal/" not in page.path and not page.path.startswith("/profile/agreements/"):
        return page.text
    soup = BeautifulSoup(page.text, "html.parser")
    for text in soup.select(".prose"):
        text.extract()
    return str(soup)


@check("K-08", Kind.PAGE, Kind.PART)
def page_texts(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, vendor_in(facts, around_legal_texts(page)))
        yield from told(page, (found for comment in page.comments for found in made_of(comment)))


@check("K-09", Kind.ROBOTS)
def robots(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        yield from told(file, (*vendor_in(facts, file.text), *made_of(file.text)))


@check("K-10", Kind.ERROR)
def errors(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, (*vendor_in(facts, page.text), *made_of(page.read_text)))


@check("K-11", Kind.PROXY)
def proxy_pages(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        if facts.name not in (page.soup.title.get_text() if page.soup.title else ""):
            yield Finding(page.where, "<title>")
        yield from told(page, (*vendor_in(facts, page.text), *made_of(page.read_text), *gaps_in(page.read_text)))
        for tag in page.soup.select("[src], [srcset], link[href]"):
            address = str(tag.get("src") or tag.get("srcset") or tag.get("href"))
            if not address.startswith("data:"):  # because nothing else answers at that moment
                yield Finding(page.where, f"<{tag.name}> {address}")


@check("K-12", Kind.STYLE)
def styles(facts: Facts, styles: list[Capture]) -> Iterator[Finding]:
    for style in styles:
        yield from told(style, (*vendor_in(facts, style.text), *made_of(style.text)))


@check("K-13", Kind.PAGE, only=lambda page: page.path.startswith("/account/"))
def sign_in(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, (*vendor_in(facts, page.read_text), *made_of(page.read_text)))
        for key in re.findall(r"otpauth://[^\"'<\s]+", page.text):
            if not _names(facts, key):
                yield Finding(page.where, key.partition("secret=")[0])


@check("K-15", Kind.PAGE, only=lambda page: page.path.startswith("/account/log"))
def signed_out(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        if facts.name not in page.read_text:
            yield Finding(page.where, "?")


@check("K-39", Kind.PAGE, only=lambda page: "data-socket" in page.text)
def sockets(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.soup.select("[data-socket]"):
            address = str(tag["data-socket"])
            words = (*vendor_in(facts, address), *made_of(address))
            yield from told(page, (*words, *filter(None, [foreign(facts, page.place, address)])))


@check("K-41", Kind.PAGE, Kind.PART)
def file_addresses(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, (found.group() for found in SIGNED_AWAY.finditer(page.text)))


@check("K-42", Kind.PAGE, only=lambda page: page.path.startswith("/live/"))
def live_rooms(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        words = (*vendor_in(facts, page.text), *made_of(page.read_text))
        yield from told(page, words)


@check("K-43", *PAGES)
def app_hints(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.tags("meta"):
            if tag.get("name") in APP_HINTS:
                yield Finding(page.where, str(tag))


@check("K-45", *PAGES)
def third_parties(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        asked = [(tag, tag.get("src")) for tag in page.tags(*LOADING)]
        asked += [(tag, tag.get("action")) for tag in page.tags("form")]
        asked += [(tag, tag.get("data")) for tag in page.tags("object")]
        for tag, address in asked:
            if address and not str(address).startswith("data:") and (host := foreign(facts, page.place, str(address))):
                yield Finding(page.where, f"<{tag.name}> {host}")


@check("K-47", Kind.PAGE, only=lambda page: page.path.startswith("/help"))
def help_pages(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, (*vendor_in(facts, page.text), *made_of(page.read_text)))


@check("K-48", Kind.PAGE, only=lambda page: page.path.startswith("/help"))
def advice(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for host in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", page.read_text):
            if host.lower() not in facts.senders | facts.hosts:
                yield Finding(page.where, f"@{host}")


@check("K-50", Kind.PAGE, only=lambda page: page.path.startswith("/profile/agreements/open/"))
def asked_for_acceptance(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        around = around_legal_texts(page)
        yield from told(page, (*vendor_in(facts, around), *made_of(BeautifulSoup(around, "html.parser").get_text(" "))))


@check("K-54", Kind.PAGE, Kind.PART)
def added_apps(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    """What an added app shows came with the walk like all else; that its pages stand in the organization's frame is looked at here."""
    for page in pages:
        if page.kind == Kind.PAGE and not any("brand" in str(link.get("href")) for link in page.tags("link")):
            yield Finding(page.where, "brand.css")


@check("K-56", Kind.PAGE, only=lambda page: bool(page.language))
def languages(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        if page.written_in != page.language.split("-")[0] and page.written_in not in _asked_for(page):
            yield Finding(page.where, f"lang={page.written_in}")


@check("K-57", *ANSWERS)
def traces(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        yield from told(answer, (found.group()[:60] for found in TRACES.finditer(answer.text)))
        if answer.status >= 500:
            yield Finding(answer.where, str(answer.status))


@check("K-59", *PAGES)
def gaps(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from told(page, gaps_in(page.read_text))


@check("K-60", *PAGES, Kind.STYLE)
def fonts(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        if file.kind == Kind.STYLE:
            hosts = (found[1] or found[2] for found in ELSEWHERE.finditer(file.text))
            yield from told(file, (host for host in hosts if host not in facts.hosts))
            continue
        links = (str(tag.get("href") or "") for tag in file.tags("link"))
        yield from told(file, (host for link in links if (host := foreign(facts, file.place, link))))


@check("K-61", *PAGES)
def referrers(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        if page.header("referrer-policy") not in CAREFUL:
            yield Finding(page.where, f"referrer-policy: {page.header('referrer-policy')}")


@check("K-64", Kind.PAGE, only=lambda page: any("manifest" in (link.get("rel") or ()) for link in page.tags("link")))
def home_screen(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.tags("meta"):
            if tag.get("name") in INSTALLED_NAMES and str(tag.get("content")).rstrip("…") not in facts.name:
                yield Finding(page.where, str(tag.get("content")))


@check("K-69", *PAGES)
def hidden_texts(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for word in ("powered by", "made with", "built with"):
            if word in page.text.lower():
                yield Finding(page.where, word)


def _asked_for(page: Capture) -> list[str]:
    """In which language the address itself asks for a page: what is previewed is read in another than the person's."""
    return parse_qs(urlsplit(page.place).query).get("language", [])


def _names(facts: Facts, address: str) -> bool:
    return facts.name.lower() in unquote(address).lower()
