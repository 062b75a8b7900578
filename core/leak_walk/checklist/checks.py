"""One check per row: reads captures, yields findings. A row without anything to read has not passed."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from PIL import Image, UnidentifiedImageError

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.rows import MAY_BE_MISSING, ROWS, UNWALKED, Status

MOST_FINDINGS = 20  # of one row, that are kept
PAGES = (Kind.PAGE, Kind.ERROR)
ANSWERS = (Kind.PAGE, Kind.PART, Kind.ERROR, Kind.MANIFEST, Kind.ROBOTS)
FETCHED = (*ANSWERS, Kind.SCRIPT, Kind.STYLE, Kind.IMAGE)
# Programs that such products are made of; people never need their names, and none of these is an everyday word.
MADE_OF = re.compile(
    r"\b(django|wagtail|uvicorn|daphne|hypercorn|gunicorn|caddy|nginx|celery|allauth|anymail|typst|reportlab|weasyprint|"
    r"lavf|libav|janus|coturn|livekit|postgresql|valkey|sendgrid|mailgun|postmark|mandrill|icalendar|adamgibbons)\b",
    re.IGNORECASE,
)  # fmt: skip
GAPS = re.compile(
    r"\{\{|\{%|%\(\w+\)s|\$\{|\bundefined\b|\[object |\bNone\b(?= |$)|\bNaN\b|\bTODO\b|\bFIXME\b|\blorem ipsum\b| ,(?= |$)"
)
TRACES = re.compile(r"Traceback \(most recent|psycopg\.|django\.db\.|File \"/|\bSELECT .{1,80} FROM \"")
STORED = re.compile(
    r"(?:localStorage|sessionStorage)\.\w+Item\(\s*[\"'`]([^\"'`]+)|(?:BroadcastChannel|caches\.open|indexedDB\.open)\(\s*[\"'`]([^\"'`]+)"
)
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?:https?:)?//([^/\"')]+)|@import\s+[\"'](?:https?:)?//([^/\"']+)")
CAREFUL = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIGNED_AWAY = re.compile(r"X-Amz-|AWSAccessKeyId|X-Goog-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the organization's own, and what is somebody else's."""

    name: str
    hosts: frozenset[str]
    vendor: tuple[str, ...]
    others: tuple[str, ...] = ()
    partners: frozenset[str] = frozenset()  # hosts that pages may ask on purpose: the payment provider's
    senders: frozenset[str] = frozenset()  # domains in From


@dataclass(frozen=True, slots=True)
class Finding:
    """Where, and what was found there."""

    place: str
    found: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `seen` counts what was looked at."""

    row: str
    status: Status
    seen: int = 0
    findings: tuple[Finding, ...] = field(default=())


Check = Callable[[Facts, list[Capture]], Iterator[Finding]]
CHECKS: dict[str, tuple[tuple[Kind, ...], Callable[[Capture], bool], Check]] = {}


def check(row: str, *kinds: Kind, only: Callable[[Capture], bool] = lambda capture: True) -> Callable[[Check], Check]:
    """Register the check of a row, and which captures it reads."""

    def register(function: Check) -> Check:
        CHECKS[row] = (kinds, only, function)
        return function

    return register


def look_at(facts: Facts, captures: Iterable[Capture]) -> list[RowResult]:
    """Every row, in order."""
    received = list(captures)
    return [_row(row, facts, received) for row in ROWS]


def _row(row: str, facts: Facts, received: list[Capture]) -> RowResult:
    if row in UNWALKED:
        return RowResult(row, UNWALKED[row].status)
    kinds, only, function = CHECKS[row]
    read = [capture for capture in received if capture.kind in kinds and only(capture)]
    findings = list(dict.fromkeys(function(facts, read)))
    if findings:
        return RowResult(row, Status.LEAK, len(read), tuple(findings[:MOST_FINDINGS]))
    missing = Status.ABSENT if row in MAY_BE_MISSING else Status.UNSEEN
    return RowResult(row, Status.PASSED if read else missing, len(read))


# -- what is looked for ------------------------------------------------------------------------------------------------


def vendor_in(facts: Facts, text: str) -> Iterator[str]:
    """The vendor's words in the text."""
    low = text.lower()
    return (word for word in facts.vendor if word.lower() in low)


def others_in(facts: Facts, text: str) -> Iterator[str]:
    """Other organizations' names and hosts, as whole words."""
    return (name for name in facts.others if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def made_of(text: str) -> Iterator[str]:
    """Names of programs."""
    return (found.group() for found in MADE_OF.finditer(text))


def gaps_in(text: str) -> Iterator[str]:
    """Variables that nobody filled in, and notes."""
    return (text[max(0, found.start() - 20) : found.end() + 20].strip() for found in GAPS.finditer(text))


def _told(capture: Capture, words: Iterable[str]) -> Iterator[Finding]:
    return (Finding(capture.where, word) for word in words)


def _foreign(facts: Facts, base: str, address: str) -> str:
    """The host that the address leads to when it is neither ours nor a partner's; else empty."""
    host = (urlsplit(urljoin(base, address)).hostname or "") if address else ""
    return "" if not host or host in facts.hosts or host in facts.partners else host


# -- pages -------------------------------------------------------------------------------------------------------------


@check("K-01", *PAGES)
def titles(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        title = page.soup.title.get_text().strip() if page.soup.title else ""
        if facts.name not in title:
            yield Finding(page.where, title or "<title>")
        yield from _told(page, vendor_in(facts, title))


@check("K-02", Kind.PAGE, only=lambda page: bool(page.soup.head))
def icons(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        links = page.soup.select("link[rel~=icon], link[rel=apple-touch-icon], link[rel=mask-icon]")
        if not links:
            yield Finding(page.where, "rel=icon")
        yield from _told(page, (host for link in links if (host := _foreign(facts, page.place, str(link.get("href"))))))


@check("K-03", Kind.MANIFEST)
def manifests(facts: Facts, manifests: list[Capture]) -> Iterator[Finding]:
    for manifest in manifests:
        content = json.loads(manifest.text)
        for key in ("name", "short_name"):
            if not content.get(key) or content[key].rstrip("…") not in facts.name:
                yield Finding(manifest.where, f"{key}: {content.get(key)}")
        if not content.get("icons"):
            yield Finding(manifest.where, "icons")
        yield from _told(manifest, (*vendor_in(facts, manifest.text), *made_of(manifest.text)))


@check("K-04", *PAGES)
def previews(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.soup.find_all("meta"):
            name, content = str(tag.get("name") or tag.get("property") or ""), str(tag.get("content") or "")
            if name == "generator":
                yield Finding(page.where, content)
            yield from _told(page, (*vendor_in(facts, content), *made_of(content)))


@check("K-05", *FETCHED)
def headers(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        for name, value in answer.headers:
            line = f"{name}: {value}"
            if name in ("server", "x-powered-by", "via") or re.fullmatch(r"x-.*-version", name):
                yield Finding(answer.where, line)
            yield from _told(answer, (line for _ in (*vendor_in(facts, line), *made_of(line))))


@check("K-06", *FETCHED)
def stored_names(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        names = list(answer.cookies)
        if answer.kind == Kind.SCRIPT:
            names += [found[1] or found[2] for found in STORED.finditer(answer.text)]
        yield from _told(answer, (name for name in names if any(vendor_in(facts, name)) or any(made_of(name))))


@check("K-07", Kind.SCRIPT)
def scripts(facts: Facts, scripts: list[Capture]) -> Iterator[Finding]:
    for script in scripts:
        yield from _told(script, vendor_in(facts, script.text))
        if "sourceMappingURL" in script.text:
            yield Finding(script.where, "sourceMappingURL")


@check("K-08", Kind.PAGE, Kind.PART)
def page_texts(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, vendor_in(facts, page.text))
        yield from _told(page, (found for comment in page.comments for found in made_of(comment)))


@check("K-09", Kind.ROBOTS)
def robots(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        yield from _told(file, (*vendor_in(facts, file.text), *made_of(file.text)))


@check("K-10", Kind.ERROR)
def errors(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, (*vendor_in(facts, page.text), *made_of(page.read_text)))


@check("K-12", Kind.STYLE)
def styles(facts: Facts, styles: list[Capture]) -> Iterator[Finding]:
    for style in styles:
        yield from _told(style, (*vendor_in(facts, style.text), *made_of(style.text)))


@check("K-13", Kind.PAGE, only=lambda page: page.path.startswith("/account/"))
def sign_in(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, (*vendor_in(facts, page.read_text), *made_of(page.read_text)))
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
            yield from _told(page, (*words, *filter(None, [_foreign(facts, page.place, address)])))


@check("K-41", Kind.PAGE, Kind.PART)
def file_addresses(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, (found.group() for found in SIGNED_AWAY.finditer(page.text)))


@check("K-42", Kind.PAGE, only=lambda page: page.path.startswith("/live/"))
def live_rooms(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        words = (*vendor_in(facts, page.text), *made_of(page.read_text))
        yield from _told(page, words)


@check("K-43", *PAGES)
def app_hints(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.soup.select("meta[name=apple-itunes-app], meta[name=google-play-app]"):
            yield Finding(page.where, str(tag))


@check("K-45", *PAGES)
def third_parties(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        asked = [(tag, tag.get("src")) for tag in page.soup.select("script, img, iframe, source, video, audio, embed")]
        asked += [(tag, tag.get("action")) for tag in page.soup.select("form[action]")]
        asked += [(tag, tag.get("data")) for tag in page.soup.select("object")]
        for tag, address in asked:
            if address and not str(address).startswith("data:") and (host := _foreign(facts, page.place, str(address))):
                yield Finding(page.where, f"<{tag.name}> {host}")


@check("K-47", Kind.PAGE, only=lambda page: page.path.startswith("/help"))
def help_pages(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, (*vendor_in(facts, page.text), *made_of(page.read_text)))


@check("K-48", Kind.PAGE, only=lambda page: page.path.startswith("/help"))
def advice(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for host in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", page.read_text):
            if host.lower() not in facts.senders | facts.hosts:
                yield Finding(page.where, f"@{host}")


@check("K-54", Kind.PAGE, Kind.PART)
def added_apps(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    """What an added app shows came with the walk like all else; that its pages stand in the organization's frame is looked at here."""
    for page in pages:
        if page.kind == Kind.PAGE and not page.soup.select_one("link[href*='brand']"):
            yield Finding(page.where, "brand.css")


@check("K-56", Kind.PAGE, only=lambda page: bool(page.language))
def languages(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        written = str(page.soup.html.get("lang", "")) if page.soup.html else ""
        if written.split("-")[0] != page.language.split("-")[0]:
            yield Finding(page.where, f"lang={written}")


@check("K-57", *ANSWERS)
def traces(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        yield from _told(answer, (found.group()[:60] for found in TRACES.finditer(answer.text)))
        if answer.status >= 500:
            yield Finding(answer.where, str(answer.status))


@check("K-59", *PAGES)
def gaps(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        yield from _told(page, gaps_in(page.read_text))


@check("K-60", *PAGES, Kind.STYLE)
def fonts(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        if file.kind == Kind.STYLE:
            hosts = (found[1] or found[2] for found in ELSEWHERE.finditer(file.text))
            yield from _told(file, (host for host in hosts if host not in facts.hosts))
            continue
        links = (str(tag.get("href") or "") for tag in file.soup.find_all("link"))
        yield from _told(file, (host for link in links if (host := _foreign(facts, file.place, link))))


@check("K-61", *PAGES)
def referrers(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        if page.header("referrer-policy") not in CAREFUL:
            yield Finding(page.where, f"referrer-policy: {page.header('referrer-policy')}")


@check("K-64", Kind.PAGE, only=lambda page: bool(page.soup.select_one("link[rel=manifest]")))
def home_screen(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for tag in page.soup.select("meta[name=application-name], meta[name=apple-mobile-web-app-title]"):
            if str(tag.get("content")).rstrip("…") not in facts.name:
                yield Finding(page.where, str(tag.get("content")))


@check("K-69", *PAGES)
def hidden_texts(facts: Facts, pages: list[Capture]) -> Iterator[Finding]:
    for page in pages:
        for word in ("powered by", "made with", "built with"):
            if word in page.text.lower():
                yield Finding(page.where, word)


# -- hosts -------------------------------------------------------------------------------------------------------------


@check("K-62", Kind.CONSOLE)
def console(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    return (Finding(answer.where, str(answer.status)) for answer in answers if answer.status != 404)


@check("K-63", *Kind)
def other_organizations(facts: Facts, captures: list[Capture]) -> Iterator[Finding]:
    for capture in captures:
        text = capture.document_facts if capture.kind == Kind.DOCUMENT else capture.text
        if capture.kind == Kind.MAIL:
            text = "\n".join((text, capture.mail_part("plain"), capture.mail_part("html")))
        yield from _told(capture, others_in(facts, text))


@check("K-65", Kind.OTHER_HOST)
def other_hosts(facts: Facts, answers: list[Capture]) -> Iterator[Finding]:
    for answer in answers:
        moved = answer.status in (301, 308) and not _foreign(facts, answer.place, answer.header("location"))
        if not moved and "noindex" not in answer.header("x-robots-tag"):
            yield Finding(answer.where, str(answer.status))


@check("K-67", Kind.FALLBACK)
def fallbacks(facts: Facts, texts: list[Capture]) -> Iterator[Finding]:
    for text in texts:
        yield from _told(text, (*vendor_in(facts, text.text), *made_of(text.text)))


@check("K-38", Kind.CALL)
def calls(facts: Facts, settings: list[Capture]) -> Iterator[Finding]:
    for setting in settings:
        yield from _told(setting, (*vendor_in(facts, setting.text), *made_of(setting.text)))


@check("K-31", Kind.STATEMENT)
def statements(facts: Facts, names: list[Capture]) -> Iterator[Finding]:
    for name in names:
        yield from _told(name, vendor_in(facts, name.text))


# -- mail and files ----------------------------------------------------------------------------------------------------


@check("K-16", Kind.MAIL)
def senders(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        shown = str(mail.message["From"] or "")
        if facts.name not in shown:
            yield Finding(mail.where, shown)
        for name in ("From", "Sender", "Reply-To"):
            yield from _told(mail, vendor_in(facts, str(mail.message[name] or "")))


@check("K-18", Kind.MAIL)
def mail_headers(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        for name, value in mail.message.items():
            line = f"{name}: {value}"
            if name.lower() in ("x-mailer", "user-agent", "feedback-id"):
                yield Finding(mail.where, line)
            yield from _told(mail, (line for _ in (*vendor_in(facts, line), *made_of(line))))


@check("K-19", Kind.MAIL)
def mail_links(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        page = Capture(Kind.PAGE, mail.place, mail.mail_part("html").encode())
        addresses = [
            str(tag.get("href") or tag.get("src")) for tag in page.soup.select("a[href], img[src], link[href]")
        ]
        addresses += re.findall(r"https?://[^\s<>\"]+", mail.mail_part("plain"))
        for address in addresses:
            if address.startswith(("http", "//")) and (host := _foreign(facts, "", address)):
                yield Finding(mail.where, host)


@check("K-20", Kind.MAIL)
def mail_pages(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        html = mail.mail_part("html")
        page = Capture(Kind.PAGE, mail.place, html.encode())
        found = (*vendor_in(facts, html), *(word for comment in page.comments for word in made_of(comment)))
        yield from _told(mail, (*found, *(["powered by"] if "powered by" in html.lower() else [])))


@check("K-21", Kind.MAIL)
def mail_texts(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        text = mail.mail_part("plain")
        if not text.strip():
            yield Finding(mail.where, "text/plain")
        yield from _told(mail, vendor_in(facts, text))


@check("K-22", Kind.MAIL)
def mail_gaps(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        page = Capture(Kind.PAGE, mail.place, mail.mail_part("html").encode())
        for text in (str(mail.message["Subject"]), mail.mail_part("plain"), page.read_text):
            yield from _told(mail, gaps_in(text))


@check("K-23", Kind.CALENDAR)
def calendars(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        yield from _told(file, (*vendor_in(facts, file.text), *made_of(file.text), *gaps_in(_unfolded(file))))


@check("K-24", Kind.CALENDAR)
def calendar_people(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        attendees = [line for line in _unfolded(file).splitlines() if line.startswith("ATTENDEE")]
        events = max(1, file.text.count("BEGIN:VEVENT"))
        if len(attendees) > events:
            yield Finding(file.where, attendees[-1][:80])


@check("K-26", Kind.DOCUMENT)
def documents(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        inside = file.document_facts
        if not inside:
            yield Finding(file.where, "?")
        yield from _told(file, (*vendor_in(facts, inside), *made_of(inside), *gaps_in(inside)))


@check("K-28", Kind.IMAGE)
def pictures(facts: Facts, images: list[Capture]) -> Iterator[Finding]:
    for image in images:
        inside = image.text if b"<svg" in image.content[:2000] else _written_inside(image.content)
        yield from _told(image, (*vendor_in(facts, inside), *made_of(inside)))


def _written_inside(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "ICO")) as picture:
            return "\n".join(
                f"{name}: {value!r}" for name, value in (*picture.info.items(), *picture.getexif().items())
            )
    except (UnidentifiedImageError, OSError, ValueError):
        return ""


def _unfolded(file: Capture) -> str:
    return re.sub(r"\r?\n[ \t]", "", file.text)


def _names(facts: Facts, address: str) -> bool:
    return facts.name.lower() in unquote(address).lower()
