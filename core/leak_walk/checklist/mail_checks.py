"""What mails say, and the files that come with them."""

import io
import json
import re
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import Facts, Finding, check, foreign, gaps_in, made_of, told, vendor_in


@check("K-16", Kind.MAIL)
def senders(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        shown = str(mail.message["From"] or "")
        if facts.name not in shown:
            yield Finding(mail.where, shown)
        for name in ("From", "Sender", "Reply-To"):
            yield from told(mail, vendor_in(facts, str(mail.message[name] or "")))


@check("K-18", Kind.MAIL)
def mail_headers(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        for name, value in mail.message.items():
            line = f"{name}: {value}"
            if name.lower() in ("x-mailer", "user-agent", "feedback-id"):
                yield Finding(mail.where, line)
            yield from told(mail, (line for _ in (*vendor_in(facts, line), *made_of(line))))


@check("K-19", Kind.MAIL)
def mail_links(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        page = Capture(Kind.PAGE, mail.place, mail.mail_part("html").encode())
        addresses = [
            str(tag.get("href") or tag.get("src")) for tag in page.soup.select("a[href], img[src], link[href]")
        ]
        addresses += re.findall(r"https?://[^\s<>\"]+", mail.mail_part("plain"))
        for address in addresses:
            if address.startswith(("http", "//")) and (host := foreign(facts, "", address)):
                yield Finding(mail.where, host)


@check("K-20", Kind.MAIL)
def mail_pages(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        html = mail.mail_part("html")
        page = Capture(Kind.PAGE, mail.place, html.encode())
        found = (*vendor_in(facts, html), *(word for comment in page.comments for word in made_of(comment)))
        yield from told(mail, (*found, *(["powered by"] if "powered by" in html.lower() else [])))


@check("K-21", Kind.MAIL)
def mail_texts(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        text = mail.mail_part("plain")
        if not text.strip():
            yield Finding(mail.where, "text/plain")
        yield from told(mail, vendor_in(facts, text))


@check("K-22", Kind.MAIL)
def mail_gaps(facts: Facts, mails: list[Capture]) -> Iterator[Finding]:
    for mail in mails:
        page = Capture(Kind.PAGE, mail.place, mail.mail_part("html").encode())
        for text in (str(mail.message["Subject"]), mail.mail_part("plain"), page.read_text):
            yield from told(mail, gaps_in(text))


@check("K-23", Kind.CALENDAR)
def calendars(facts: Facts, files: list[Capture]) -> Iterator[Finding]:
    for file in files:
        yield from told(file, (*vendor_in(facts, file.text), *made_of(file.text), *gaps_in(_unfolded(file))))


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
        yield from told(file, (*vendor_in(facts, inside), *made_of(inside), *gaps_in(inside)))


@check("K-28", Kind.IMAGE)
def pictures(facts: Facts, images: list[Capture]) -> Iterator[Finding]:
    for image in images:
        inside = image.text if b"<svg" in image.content[:2000] else _written_inside(image.content)
        yield from told(image, (*vendor_in(facts, inside), *made_of(inside)))


@check("K-29", Kind.TEXT)
def text_messages(facts: Facts, messages: list[Capture]) -> Iterator[Finding]:
    for message in messages:
        said = json.loads(message.text)
        if facts.name not in said["text"]:
            yield Finding(message.where, said["text"])
        for address in (*re.findall(r"https?://[^\s<>\"]+", said["text"]), said["report_to"]):
            if host := foreign(facts, "", address):
                yield Finding(message.where, host)
        yield from told(message, (*vendor_in(facts, message.text), *gaps_in(said["text"])))


@check("K-30", Kind.PUSH)
def pushes(facts: Facts, messages: list[Capture]) -> Iterator[Finding]:
    for message in messages:
        shown = json.loads(message.text)
        if facts.name not in shown["title"]:
            yield Finding(message.where, shown["title"])
        for name in ("icon", "url", "contact"):
            if shown[name].startswith(("http", "//")) and (host := foreign(facts, "", shown[name])):
                yield Finding(message.where, host)
        yield from told(message, (*vendor_in(facts, message.text), *gaps_in(f"{shown['title']}\n{shown['body']}")))


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
