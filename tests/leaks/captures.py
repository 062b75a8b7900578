"""Captures as a walk makes them: what is clean, and makers of what is not."""

import io
import json
from email.message import EmailMessage

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import Facts

FACTS = Facts(
    name="Zebra Quokka",
    hosts=frozenset({"care.zq.test"}),
    vendor=("vendorly",),
    others=("Harbour Practice", "harbour.test"),
    partners=frozenset({"js.stripe.com"}),
    senders=frozenset({"zq.test"}),
)
HERE = "https://care.zq.test"
HEADERS = (("referrer-policy", "same-origin"),)


def page(
    body: str = "<p>Hello</p>", head: str = "", *, title: str = "Home · Zebra Quokka", path: str = "/", **more
) -> Capture:
    html = (
        f"<!doctype html><html lang='en'><head><title>{title}</title><link rel='icon' href='/brand/icon'>"
        f"<link rel='manifest' href='/m'><link rel='stylesheet' href='/brand.css'>{head}</head><body>{body}</body></html>"
    )
    return Capture(**{"kind": Kind.PAGE, "place": HERE + path, "content": html.encode(), "headers": HEADERS, **more})


def text(kind: Kind, content: str, path: str = "/x", **more) -> Capture:
    return Capture(kind=kind, place=HERE + path, content=content.encode(), **more)


def mail(plain: str = "Hello Mia", html: str = "<p>Hello Mia</p>", **headers: str) -> Capture:
    message = EmailMessage()
    for name, value in {"From": "Zebra Quokka <post@zq.test>", "Subject": "Your lesson", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return Capture(Kind.MAIL, "scheduling.booked", message.as_bytes())


def document(**facts: str) -> Capture:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.metadata = None
    writer.add_metadata({f"/{name}": value for name, value in {"Title": "Invoice", **facts}.items()})
    writer.write(out)
    return Capture(Kind.DOCUMENT, HERE + "/invoice", out.getvalue())


def picture(comment: str = "") -> Capture:
    out, inside = io.BytesIO(), PngInfo()
    inside.add_text("Comment", comment)
    Image.new("RGB", (2, 2)).save(out, "PNG", pnginfo=inside)
    return Capture(Kind.IMAGE, HERE + "/logo", out.getvalue())


def calendar(*lines: str) -> Capture:
    return text(Kind.CALENDAR, "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")))


def text_message(**said: str) -> Capture:
    sent = {"sender": "+15005550006", "number": "+447700900000", "report_to": HERE + "/hooks/texts/1/", **said}
    return text(Kind.TEXT, json.dumps({"text": f"Zebra Quokka: on Tuesday. {HERE}/a/x/", **sent}))


def push(**shown: str) -> Capture:
    said = {
        "title": "Zebra Quokka",
        "body": "There is news in your calendar.",
        "icon": "/brand/icon/192",
        "url": "/notifications/1/",
        **shown,
    }
    return text(Kind.PUSH, json.dumps({"contact": "mailto:post@zq.test", **said}))


CLEAN = [
    page(path="/account/login/", body="<h1>Zebra Quokka</h1>", language="en"),
    page(path="/live/1/", body="<live-room data-socket='/ws/live/1/'></live-room>", language="en"),
    page(path="/help/mail/", body="<p>Allow post@zq.test</p>", language="en"),
    page(path="/profile/agreements/open/"),
    page(kind=Kind.ERROR, status=404, path="/gone/"),
    text(Kind.MANIFEST, '{"name": "Zebra Quokka", "short_name": "Zebra", "icons": [{"src": "/brand/icon"}]}'),
    text(Kind.ROBOTS, "User-agent: *"),
    text(Kind.SCRIPT, 'localStorage.setItem("theme", "dark")'),
    text(Kind.STYLE, "body { background: url(/brand/picture) }"),
    text(Kind.CONSOLE, "", "/admin/", status=404),
    text(Kind.OTHER_HOST, "", "/", status=308, headers=(("location", "https://care.zq.test/"),)),
    text(Kind.FALLBACK, "Not found"),
    text(Kind.BRANCH, "<title>Sign in · Quayside &amp; Co</title>", role="Quayside & Co"),
    text(Kind.PROXY, "<title>Just a moment · Zebra Quokka</title><img src='data:image/png;base64,AA'>"),
    text(Kind.STATEMENT, "ZEBRA QUOKKA"),
    text(Kind.CALL, "turns:care.zq.test"),
    mail(),
    push(),
    text_message(),
    calendar("PRODID:-//Zebra Quokka//EN", "ATTENDEE:mailto:mia@people.test"),
    document(),
    picture(),
]  # fmt: skip
