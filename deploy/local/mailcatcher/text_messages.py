"""Text messages beside the mail: takes them in the form of Twilio's interface, shows them on a page, and reports each as delivered."""

import base64
import hmac
import json
import threading
import urllib.request
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha1
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from deploy.local.web import Request, Response, Router, fill, join, json_response, page

HERE = Path(__file__).parent
KEPT = 500


@dataclass(frozen=True, slots=True)
class Text:
    """One text message as it came."""

    sid: str
    at: str
    account: str
    sender: str
    to: str
    body: str


class Texts:
    """The kept ones, newest first, in memory and in one file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.kept: deque[Text] = deque(maxlen=KEPT)
        if file.exists():
            self.kept.extend(Text(**each) for each in json.loads(file.read_text("utf-8")))

    def add_to(self, router: Router) -> None:
        router.add("GET", "/texts", self.overview)
        router.add("GET", "/api/texts", self.api_list)
        router.add("POST", "/2010-04-01/Accounts/{account}/Messages.json", self.take)
        router.add("GET", "/2010-04-01/Accounts/{account}/Messages.json", self.taken)

    def take(self, request: Request, account: str) -> Response:
        """Keep it and answer as the provider would; a number that ends in 0000 is refused as one that cannot be reached."""
        key, form = _key(request, account), dict(request.form())
        if not key:
            return json_response({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        to, sender = form.get("To", ""), form.get("From") or form.get("MessagingServiceSid", "")
        if not (to.startswith("+") and sender and form.get("Body")):
            return json_response({"code": 21604, "message": "To, From and Body are required", "status": 400}, 400)
        if to.endswith("0000"):
            return json_response({"code": 21211, "message": f"Invalid 'To' Phone Number: {to}", "status": 400}, 400)
        text = Text(
            f"SM{uuid4().hex}", datetime.now(UTC).isoformat(timespec="milliseconds"), account, sender, to, form["Body"]
        )
        self.kept.appendleft(text)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps([asdict(each) for each in self.kept], indent=2), "utf-8")
        if address := form.get("StatusCallback"):
            threading.Thread(target=_report, args=(address, key, text), daemon=True).start()
        return json_response({"sid": text.sid, "status": "queued", "to": to, "from": sender, "body": text.body}, 201)

    def taken(self, request: Request, account: str) -> Response:
        """What this account has sent to the number `To`, the newest first."""
        if not _key(request, account):
            return json_response({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        found = [text for text in self.kept if text.account == account and text.to == request.asked("To")]
        rows = [
            {
                "sid": text.sid,
                "to": text.to,
                "from": text.sender,
                "body": text.body,
                "status": "delivered",
                "date_created": format_datetime(datetime.fromisoformat(text.at)),
            }
            for text in found
        ]
        return json_response({"messages": rows[: int(request.asked("PageSize", "50"))]})

    def overview(self, request: Request) -> Response:
        rows = join(
            fill(
                HERE / "pages/text_row.html",
                sender=text.sender,
                to=text.to,
                body=text.body,
                at=text.at[:19].replace("T", " "),
            )
            for text in self.kept
        )
        empty = fill(HERE / "pages/empty.html", sentence="No text message yet. What the demo sends will appear here.")
        return page(fill(HERE / "pages/texts.html", rows=rows or empty, count=len(self.kept)))

    def api_list(self, request: Request) -> Response:
        """`?to=`: those to a number or a part of one."""
        to = request.asked("to")
        return json_response({"texts": [asdict(text) for text in self.kept if to in text.to]})


def signature(address: str, form: dict[str, str], key: str) -> str:
    """As the provider signs what it sends."""
    signed = address + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), sha1).digest()).decode()


def _key(request: Request, account: str) -> str:
    """The key of the account by which somebody sends; empty for nobody."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, key = base64.b64decode(given).decode().partition(":")
    except ValueError:
        return ""
    return key if scheme.lower() == "basic" and user == account else ""


def _report(address: str, key: str, text: Text) -> None:
    parts = urlsplit(address)
    # Because only browsers know by themselves where *.localhost is.
    here = (
        parts._replace(netloc=f"127.0.0.1:{parts.port or 80}") if str(parts.hostname).endswith(".localhost") else parts
    )
    form = {"MessageSid": text.sid, "MessageStatus": "delivered", "To": text.to, "From": text.sender}
    headers = {"Host": parts.netloc, "X-Twilio-Signature": signature(address, form, key)}
    try:
        urllib.request.urlopen(
            urllib.request.Request(here.geturl(), urlencode(form).encode(), headers), timeout=10
        ).close()
    except (URLError, OSError):  # because nobody may listen any more
        return
