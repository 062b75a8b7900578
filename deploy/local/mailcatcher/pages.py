"""The mail catcher's pages and its JSON API."""

import asyncio
import contextlib
import re
from dataclasses import asdict
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from deploy.local.mailcatcher.mailbox import Mailbox, Message, header, names, parsed
from deploy.local.web import Markup, Request, Response, Router, fill, join, json_response, page, static_file

HERE = Path(__file__).parent
SHOWN = 200  # messages on the page; the API gives all
LONGEST_WAIT = 30.0  # seconds a request may wait for mail
# the message's own HTML: no script, no form, no plug-in, whatever the message says; links open in a new tab
MESSAGE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; font-src *; "
    "style-src 'unsafe-inline' *"
)
SAFE_TO_SHOW = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


class Pages:
    """Everything the HTTP port answers."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def add_to(self, router: Router) -> None:
        router.add("GET", "/", self.overview)
        router.add("GET", "/mail.css", lambda request: static_file(HERE / "mail.css"))
        router.add("GET", "/mail.js", lambda request: static_file(HERE / "mail.js"))
        router.add("GET", "/messages/{identifier}", self.show)
        router.add("GET", "/messages/{identifier}/html", self.html)
        router.add("GET", "/messages/{identifier}/raw", self.source)
        router.add("GET", "/messages/{identifier}/parts/{number}", self.part)
        router.add("GET", "/api/messages", self.api_list)
        router.add("DELETE", "/api/messages", self.api_clear)
        router.add("GET", "/api/messages/{identifier}", self.api_show)
        router.add("DELETE", "/api/messages/{identifier}", self.api_remove)

    def overview(self, request: Request) -> Response:
        to, subject = request.asked("to"), request.asked("subject")
        found = self._mailbox.find(to=to, subject=subject)
        rows = join(_row(message) for message in found[:SHOWN])
        nothing = "No mail matches." if to or subject else "No mail yet. What the demo sends will appear here."
        empty = fill(HERE / "pages/empty.html", sentence=nothing)
        newest = found[0].id if found else ""
        shown = {"count": len(found), "to": to, "subject": subject, "newest": newest}
        return page(fill(HERE / "pages/list.html", rows=rows or empty, **shown))

    def show(self, request: Request, identifier: str) -> Response:
        message = self._mailbox.get(identifier)
        if message is None:
            return page(fill(HERE / "pages/gone.html"), 404)
        content = parsed(self._mailbox.raw(message))
        html, text = body(content, "html"), body(content, "plain")
        attachments = join(_attachment(message, number, part) for number, part in attached(content))
        parts = [
            fill(HERE / "pages/part_html.html", id=message.id) if html is not None else Markup(""),
            fill(HERE / "pages/part_text.html", text=text, open="" if html else "open")
            if text is not None
            else Markup(""),
        ]
        return page(
            fill(
                HERE / "pages/message.html", subject=message.subject or "(no subject)", sender=message.shown_from,
                to=message.shown_to, envelope=f"{message.sent_by or '<>'} → {', '.join(message.sent_to)}",
                at=when(message.at), id=message.id, attachments=attachments, parts=join(parts),
                headers="\n".join(f"{name}: {header(content, name)}" for name in dict.fromkeys(content.keys())),
            )
        )  # fmt: skip

    def html(self, request: Request, identifier: str) -> Response:
        message = self._mailbox.get(identifier)
        content = parsed(self._mailbox.raw(message)) if message else None
        html = body(content, "html") if content else None
        if content is None or html is None:
            return json_response({"error": "No HTML here."}, 404)
        named = {str(part.get("Content-ID", "")).strip("<> "): number for number, part in attached(content)}
        inline = re.sub(
            r"cid:([^\"'\s)>]+)", lambda hit: f"/messages/{identifier}/parts/{named.get(hit[1], 'none')}", html
        )
        answer = page('<base target="_blank">' + inline, policy=MESSAGE_POLICY)
        answer.headers["referrer-policy"] = "no-referrer"
        return answer

    def source(self, request: Request, identifier: str) -> Response:
        message = self._mailbox.get(identifier)
        if message is None:
            return json_response({"error": "No such message."}, 404)
        kind = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
        return Response(self._mailbox.raw(message), headers=kind)

    def part(self, request: Request, identifier: str, number: str) -> Response:
        message = self._mailbox.get(identifier)
        parts = dict(attached(parsed(self._mailbox.raw(message)))) if message else {}
        part = parts.get(int(number)) if number.isdigit() else None
        if part is None:
            return json_response({"error": "No such attachment."}, 404)
        kind = part.get_content_type()
        where = "inline" if kind in SAFE_TO_SHOW else "attachment"
        name = quote(part.get_filename() or f"part-{number}")
        headers = {"content-type": kind, "x-content-type-options": "nosniff"}
        return Response(
            content_of(part), headers={**headers, "content-disposition": f"{where}; filename*=UTF-8''{name}"}
        )

    async def api_list(self, request: Request) -> Response:
        """`?to=`, `?subject=`, `?after=` (an id or an ISO time); with `?wait=` seconds it waits until one matches."""
        wishes = {name: request.asked(name) for name in ("to", "subject", "after")}
        try:
            wait = min(float(request.asked("wait", "0")), LONGEST_WAIT)
        except ValueError:
            return json_response({"error": "wait is a number of seconds."}, 400)
        found = await self._wait_for(wishes, wait)
        return json_response({"messages": [asdict(message) for message in found]})

    def api_show(self, request: Request, identifier: str) -> Response:
        message = self._mailbox.get(identifier)
        if message is None:
            return json_response({"error": "No such message."}, 404)
        content = parsed(self._mailbox.raw(message))
        text, html = body(content, "plain"), body(content, "html")
        parts = [
            {"name": part.get_filename(), "type": part.get_content_type(), "size": len(content_of(part)),
             "url": f"/messages/{identifier}/parts/{number}"}
            for number, part in attached(content)
        ]  # fmt: skip
        headers = {name: [str(value) for value in content.get_all(name, [])] for name in content.keys()}  # noqa: SIM118
        details: dict[str, Any] = {"text": text, "html": html, "headers": headers, "links": links(text, html)}
        return json_response(asdict(message) | details | {"attachments": parts, "raw": f"/messages/{identifier}/raw"})

    def api_remove(self, request: Request, identifier: str) -> Response:
        if _foreign(request):
            return json_response({"error": "Not from another page."}, 403)
        removed = self._mailbox.remove(identifier)
        return Response(status=204) if removed else json_response({"error": "No such message."}, 404)

    def api_clear(self, request: Request) -> Response:
        if _foreign(request):
            return json_response({"error": "Not from another page."}, 403)
        return json_response({"removed": self._mailbox.clear()})

    async def _wait_for(self, wishes: dict[str, str], seconds: float) -> list[Message]:
        arrival = asyncio.Event()
        self._mailbox.arrived.add(arrival)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not (self._mailbox.closing or self._mailbox.find(**wishes)):
                        await arrival.wait()
                        arrival.clear()
        finally:
            self._mailbox.arrived.discard(arrival)
        return self._mailbox.find(**wishes)


def body(content: EmailMessage, kind: str) -> str | None:
    """The text or HTML alternative of a message."""
    part = content.get_body((kind,))
    if part is None:
        return None
    try:
        return content_of(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # because a message may claim a character set that does not exist
        return content_of(part).decode("utf-8", "replace")


def attached(content: EmailMessage) -> list[tuple[int, MIMEPart]]:
    """The parts that are neither body, numbered: attachments, and pictures and calendars inside the message."""
    bodies = [part for kind in ("html", "plain") if (part := content.get_body((kind,)))]
    leaves = [part for part in content.walk() if not part.is_multipart() and part not in bodies]
    return [(number, part) for number, part in enumerate(leaves) if isinstance(part, MIMEPart)]


def content_of(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def links(text: str | None, html: str | None) -> list[str]:
    """Every web address in a message once, in order: what a test follows."""
    typed = re.findall(r"https?://[^\s<>\"')\]]+", text or "")
    linked = [link.replace("&amp;", "&") for link in re.findall(r"href=[\"'](https?://[^\"']+)", html or "")]
    return list(dict.fromkeys([*typed, *linked]))


def when(moment: str) -> str:
    """`2026-11-22T01:30:05.123+00:00` as `2026-11-22 01:30:05`."""
    return moment[:19].replace("T", " ")


def size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count // 1000} kB"


def _foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(str(origin)).netloc != request.headers.get("host")


def _row(message: Message) -> Markup:
    return fill(
        HERE / "pages/row.html", id=message.id, sender=names(message.shown_from), to=", ".join(message.sent_to),
        subject=message.subject or "(no subject)", at=when(message.at), size=size(message.size),
        clip=f"{len(message.attachments)} attached" if message.attachments else "",
    )  # fmt: skip


def _attachment(message: Message, number: int, part: MIMEPart) -> Markup:
    return fill(
        HERE / "pages/attachment.html", id=message.id, number=number, name=part.get_filename() or "unnamed part",
        kind=part.get_content_type(), size=size(len(content_of(part))),
    )  # fmt: skip
