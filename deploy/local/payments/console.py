"""The sandbox's own addresses under /_sandbox/, for tests and demos, and the page `/` for people."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.payments.api import Api
from deploy.local.payments.browser import account_name
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import PLATFORM, Book, Object, visible
from deploy.local.payments.money import shown_amount
from deploy.local.payments.resources.accounts import deauthorize, onboard, restrict
from deploy.local.payments.resources.balance import amounts
from deploy.local.payments.resources.disputes import escalate_dispute, open_dispute, settle_dispute
from deploy.local.payments.resources.events import matches
from deploy.local.payments.resources.payouts import bounce_payout, pay_out_everything
from deploy.local.payments.resources.refunds import fail_refund
from deploy.local.web import Markup, Request, Response, Router, fill, join, json_response, page, redirect

PAGES = Path(__file__).parent / "pages"
SHOWN = 50  # rows of each table
PILLS = {
    "succeeded": "good", "delivered": "good", "paid": "good", "requires_payment_method": "bad", "failed": "bad",
    "canceled": "", "requires_action": "wait", "requires_capture": "wait", "waiting": "wait",
    "requires_confirmation": "wait",
}  # fmt: skip


class Console:
    """Answers under /_sandbox/, and the page for people."""

    def __init__(self, api: Api) -> None:
        self.api, self.ledger, self.postman = api, api.ledger, api.postman

    def add_to(self, router: Router) -> None:
        router.add("GET", "/", self.overview)
        router.add("GET", "/_sandbox/health", self.health)
        router.add("GET", "/_sandbox/events", self.events)
        router.add("GET", "/_sandbox/deliveries", self.deliveries)
        acts: dict[str, Callable[..., Object]] = {
            "/_sandbox/events/{identifier}/resend": self.resend,
            "/_sandbox/deliveries/retry": self.retry,
            "/_sandbox/reset": self.reset,
            "/_sandbox/accounts/{identifier}/onboard": self.onboard,
            "/_sandbox/accounts/{identifier}/payout": self.payout,
            "/_sandbox/accounts/{identifier}/restrict": self.restrict,
            "/_sandbox/accounts/{identifier}/deauthorize": self.deauthorize,
            "/_sandbox/payouts/{identifier}/bounce": self.bounce,
            "/_sandbox/refunds/{identifier}/fail": self.fail_refund,
            "/_sandbox/disputes/{identifier}/escalate": self.escalate,
            "/_sandbox/charges/{identifier}/dispute": self.dispute,
            "/_sandbox/disputes/{identifier}/close": self.close,
        }
        for address, act in acts.items():
            router.add("POST", address, self._guarded(act))

    def health(self, request: Request) -> Response:
        return json_response({"ok": True, "accounts": len(self.ledger.platform.all("account"))})

    def events(self, request: Request) -> Response:
        """All accounts' events, oldest first; `?type=` and `?account=` narrow them."""
        wanted = {request.asked("type")} - {""}
        account = request.asked("account")
        found = [
            event
            for book in self.ledger.books()
            for event in book.all("event")
            if matches(event["type"], wanted) and account in {"", book.account}
        ]
        return json_response({"events": sorted(found, key=lambda event: event["created"])})

    def deliveries(self, request: Request) -> Response:
        """Deliveries, oldest first; `?event=`, `?type=` and `?state=` narrow them."""
        wanted = {name: request.asked(name) for name in ("event", "type", "state")}
        return json_response(
            {
                "deliveries": [
                    value
                    for value in self.ledger.platform.all("delivery")
                    if all(wish in {"", value[name]} for name, wish in wanted.items())
                ]
            }
        )

    def resend(self, form: Object, identifier: str) -> Object:
        """Sends an event again; `times` as often."""
        book = self.ledger.holder_of("event", identifier)
        times = min(max(int(form.get("times", "1")), 1), 20)
        return {"deliveries": self.postman.resend(book.account, book.get("event", identifier), times)}

    def retry(self, form: Object) -> Object:
        return {"retried": self.postman.retry_now()}

    def reset(self, form: Object) -> Object:
        self.ledger.clear()
        return {"ok": True}

    def onboard(self, form: Object, identifier: str) -> Object:
        """Finishes an account's onboarding without its page."""
        return onboard(self.api.call(PLATFORM), self.ledger.platform.get("account", identifier, status=404))

    def payout(self, form: Object, identifier: str) -> Object:
        """Settles all that is pending and pays it out, as the passing of days would."""
        self.ledger.platform.get("account", identifier, status=404)
        return {"payouts": [visible(payout) for payout in pay_out_everything(self.api.call(identifier))]}

    def dispute(self, form: Object, identifier: str) -> Object:
        book = self.ledger.holder_of("charge", identifier)
        reason, asks = form.get("reason", "fraudulent"), form.get("inquiry") == "yes"
        charge = book.get("charge", identifier)
        return open_dispute(self.api.call(book.account), charge, reason, is_inquiry=asks)

    def escalate(self, form: Object, identifier: str) -> Object:
        """An inquiry becomes a dispute."""
        book = self.ledger.holder_of("dispute", identifier)
        return escalate_dispute(self.api.call(book.account), book.get("dispute", identifier))

    def fail_refund(self, form: Object, identifier: str) -> Object:
        """The bank sends a refund back; `reason` is the processor's code."""
        book = self.ledger.holder_of("refund", identifier)
        reason = form.get("reason", "expired_or_canceled_card")
        return fail_refund(self.api.call(book.account), book.get("refund", identifier), reason)

    def bounce(self, form: Object, identifier: str) -> Object:
        """The account's bank sends a payout back; `code` is the processor's."""
        book = self.ledger.holder_of("payout", identifier)
        code = form.get("code", "account_closed")
        return bounce_payout(self.api.call(book.account), book.get("payout", identifier), code)

    def restrict(self, form: Object, identifier: str) -> Object:
        """Holds an account back until it is onboarded again."""
        return restrict(self.api.call(PLATFORM), self.ledger.platform.get("account", identifier, status=404))

    def deauthorize(self, form: Object, identifier: str) -> Object:
        """Takes an account away from the platform, by its owner."""
        return deauthorize(self.api.call(PLATFORM), self.ledger.platform.get("account", identifier, status=404))

    def close(self, form: Object, identifier: str) -> Object:
        """Ends a dispute; `status` is won or lost."""
        status = form.get("status", "lost")
        if status not in {"won", "lost"}:
            raise ApiError("status must be won or lost", param="status")
        book = self.ledger.holder_of("dispute", identifier)
        return settle_dispute(self.api.call(book.account), book.get("dispute", identifier), status)

    def overview(self, request: Request) -> Response:
        """Every account's payments, and what became of the webhooks."""
        chosen = request.asked("account")
        accounts = self.ledger.platform.all("account")
        tabs = [_tab("", "All", chosen), *(_tab(value["id"], account_name(value), chosen) for value in accounts)]
        names = {value["id"]: account_name(value) for value in accounts}
        books = [book for book in self.ledger.books() if chosen in {"", book.account}]
        sections = [_payments(book, names.get(book.account, "Platform")) for book in books if _worth_showing(book)]
        deliveries = [d for d in self.ledger.platform.all("delivery") if chosen in {"", d["account"]}]
        sections.append(_webhooks(deliveries, names))
        return page(fill(PAGES / "console.html", tabs=join(tabs), sections=join(sections)))

    def _guarded(self, act: Callable[..., Object]) -> Callable[..., Response]:
        """Only this program's own page and programs without an origin may act: no other web page in the browser."""

        def answer(request: Request, **arguments: str) -> Response:
            origin = request.headers.get("origin")
            if origin and urlsplit(origin).netloc != request.headers.get("host"):
                return json_response({"error": "Not from another page."}, 403)
            try:
                value = visible(act(dict(request.form()), **arguments))
            except ApiError as error:
                return json_response(error.body(), error.status)
            except ValueError as error:
                return json_response({"error": str(error)}, 400)
            self.ledger.changed()
            return redirect("/") if origin else json_response(value)

        return answer


def _worth_showing(book: Book) -> bool:
    return book.account != PLATFORM or bool(book.all("payment_intent"))


def _tab(account: str, name: str, chosen: str) -> Markup:
    current = Markup(' aria-current="page"') if account == chosen else Markup("")
    return _line('<a href="/?account={}"{}>{}</a>', account, current, name)


def _line(template: str, *values: object) -> Markup:
    return Markup(template.format(*(value if isinstance(value, Markup) else _escaped(value) for value in values)))


def _escaped(value: object) -> str:
    return join([str(value)])


def _pill(state: str) -> Markup:
    return _line('<span class="pill {}">{}</span>', PILLS.get(state, ""), state.replace("_", " "))


def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %H:%M:%S")


def _table(title: str, heads: str, rows: list[Markup], summary: str) -> Markup:
    columns = join(_line("<th scope='col'>{}</th>", head) for head in heads.split("|"))
    nothing = _line("<tr><td colspan='{}'>Nothing yet.</td></tr>", len(heads.split("|")))
    return fill(
        PAGES / "section.html", title=title, heads=columns, rows=join(rows) or nothing,
        summary=_line('<p class="quiet">{}</p>', summary),
    )  # fmt: skip


def _payments(book: Book, name: str) -> Markup:
    intents = list(reversed(book.all("payment_intent")))[:SHOWN]
    sums = amounts(book)
    balance = " · ".join(
        f"{shown_amount(ready['amount'], ready['currency'])} available, "
        f"{shown_amount(coming['amount'], coming['currency'])} pending"
        for ready, coming in zip(sums["available"], sums["pending"], strict=True)
    )
    heads = "Amount|State|For|Customer|Card|When (UTC)|Id"
    return _table(name, heads, [_payment(book, intent) for intent in intents], f"{book.account} · {balance}")


def _payment(book: Book, intent: Object) -> Markup:
    charge = book.find("charge", intent["latest_charge"] or "") or {}
    card = charge.get("payment_method_details", {}).get("card")
    customer = book.find("customer", intent["customer"] or "") or {}
    refunded = charge.get("amount_refunded") and intent["status"] == "succeeded"
    untried = intent["status"] == "requires_payment_method" and not intent["last_payment_error"]
    state = join([_pill("not tried" if untried else intent["status"]), *([_pill("refunded")] if refunded else []),
                  *([_pill("disputed")] if charge.get("disputed") else [])])  # fmt: skip
    row = (
        "<tr><td class='amount'>{}</td><td>{}</td><td class='words'>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td><code>{}</code></td></tr>"
    )
    return _line(
        row,
        shown_amount(intent["amount"], intent["currency"]),
        state,
        intent["description"] or "",
        customer.get("name") or customer.get("email") or "",
        f"{card['brand']} {card['last4']}" if card else "",
        _when(intent["created"]),
        intent["id"],
    )


def _webhooks(deliveries: list[Object], names: dict[str, str]) -> Markup:
    rows = [
        _line(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><form method='post' "
            "action='/_sandbox/events/{}/resend'><button>Send again</button></form></td></tr>",
            value["type"],
            _pill(value["state"]),
            names.get(value["account"], "Platform"),
            " ".join(str(attempt["status"] or "no answer") for attempt in value["tries"]) or "not tried yet",
            _when(value["created"]),
            value["event"],
        )
        for value in reversed(deliveries[-SHOWN:])
    ]
    heads = "Event|State|Account|Answers|When (UTC)|Again"
    return _table("Webhooks", heads, rows, "Signed at the moment of sending; tried again until answered with 2xx.")
