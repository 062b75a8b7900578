"""What a person's browser meets: the stand-in script, the card fields, the bank's question, onboarding, receipts."""

import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from deploy.local.payments.api import Api
from deploy.local.payments.calls import Call
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import PLATFORM, Object, now
from deploy.local.payments.money import shown_amount
from deploy.local.payments.resources import payment_intents, setup_intents
from deploy.local.payments.resources.accounts import onboard
from deploy.local.web import Handler, Markup, Request, Response, Router, fill, page, redirect, static_file

HERE = Path(__file__).parent
PAGES, STATIC = HERE / "pages", HERE / "static"
EMBEDDED = "default-src 'self'; frame-ancestors *"
SCRIPTS = ("stripe.js", "frame.js", "words.js", "challenge.js", "frame.css", "plain.css")


class Browser:
    """The pages and scripts that are not the API."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def add_to(self, router: Router) -> None:
        for name in SCRIPTS:
            router.add("GET", f"/v3/{name}", _serving(STATIC / name))
        router.add("GET", "/v3/?", _serving(STATIC / "stripe.js"))
        router.add("GET", "/v3/frame", self.frame)
        router.add("GET", "/v3/challenge", self.challenge)
        router.add("POST", "/v3/challenge", self.answer_challenge)
        router.add("GET", "/setup/{link}", self.setup)
        router.add("POST", "/setup/{link}", self.finish_setup)
        router.add("GET", "/receipts/{charge}", self.receipt)

    def frame(self, request: Request) -> Response:
        if not re.fullmatch(r"https?://[\w.\-\[\]:]+", request.asked("host")) or not request.asked("id"):
            return note("Card fields", "This page only works inside a page that uses the stand-in script.", 400)
        return page(fill(PAGES / "frame.html"), policy=EMBEDDED)

    def challenge(self, request: Request) -> Response:
        try:
            _, intent = self._asked(request)
        except ApiError as error:
            return note("Nothing to confirm", str(error), 404)
        if intent["status"] != "requires_action":
            return self._challenge_page("Nothing to confirm", "This has been answered already.", "answered")
        form = fill(PAGES / "challenge_form.html")
        return self._challenge_page("Confirm it is you", _question(intent), "", form)

    def answer_challenge(self, request: Request) -> Response:
        confirmed = dict(request.form()).get("outcome") == "complete"
        try:
            call, intent = self._asked(request)
            return_url = (intent["next_action"] or {}).get("redirect_to_url", {}).get("return_url")
            finish(call, intent, confirmed=confirmed)
            outcome = "complete"
        except ApiError as error:
            if error.status == 404:
                return note("Nothing to confirm", str(error), 404)
            outcome = "refused"
        self.api.ledger.changed()
        if return_url and not request.asked("modal"):
            return redirect(returned(return_url, intent, "succeeded" if outcome == "complete" else "failed"))
        words = "You can close this page." if outcome == "complete" else "The payment was not authenticated."
        return self._challenge_page("Thank you", words, outcome)

    def setup(self, request: Request, link: str) -> Response:
        try:
            known = self.api.ledger.platform.get("account_link", link, status=404)
            account = self.api.ledger.platform.get("account", known["_account"], status=404)
        except ApiError as error:
            return note("Unknown link", str(error), 404)
        if known["_used"] or known["expires_at"] < now():
            return redirect(known["_refresh_url"])
        return page(
            fill(
                PAGES / "setup.html",
                name=account_name(account),
                country=account["country"],
                currency=account["default_currency"].upper(),
                email=account["email"] or "not given",
            )
        )

    def finish_setup(self, request: Request, link: str) -> Response:
        answer = self.setup(request, link)
        if answer.status != 200:
            return answer
        known = self.api.ledger.platform.get("account_link", link)
        known["_used"] = True
        if dict(request.form()).get("outcome") == "finish":
            onboard(self.api.call(PLATFORM), self.api.ledger.platform.get("account", known["_account"]))
        self.api.ledger.changed()
        return redirect(known["_return_url"])

    def receipt(self, request: Request, charge: str) -> Response:
        try:
            value = self.api.ledger.holder_of("charge", charge).get("charge", charge)
        except ApiError as error:
            return note("Unknown receipt", str(error), 404)
        card = value["payment_method_details"]["card"]
        amount = shown_amount(value["amount"], value["currency"])
        return note(
            f"Receipt for {amount}", f"{card['brand'].title()} ending {card['last4']}. Test mode: no money moved."
        )

    def _asked(self, request: Request) -> tuple[Call, Object]:
        """The intent of a challenge: its client secret is the key to it."""
        identifier, secret = request.asked("intent"), request.asked("client_secret")
        kind = "setup_intent" if identifier.startswith("seti_") else "payment_intent"
        call = self.api.call(request.asked("account") or PLATFORM)
        intent = call.book.get(kind, identifier, status=404)
        if intent["client_secret"] != secret:
            raise ApiError("The client secret does not match.", status=404)
        return call, intent

    @staticmethod
    def _challenge_page(title: str, sentence: str, outcome: str, form: str = "") -> Response:
        body = fill(PAGES / "challenge.html", title=title, sentence=sentence, outcome=outcome, form=Markup(form))
        return page(body, policy=EMBEDDED)


def finish(call: Call, intent: Object, *, confirmed: bool) -> Object:
    """Carries on with an intent whose holder has answered."""
    module = payment_intents if intent["object"] == "payment_intent" else setup_intents
    finished: Object = module.finish_challenge(call, intent, confirmed=confirmed)
    return finished


def returned(url: str, intent: Object, status: str) -> str:
    """The page's own address with what Stripe adds to it."""
    parts = urlsplit(url)
    kind = intent["object"]
    added = urlencode({kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def account_name(account: Object) -> str:
    """The name a person knows the account by."""
    profile, settings = account.get("business_profile") or {}, account.get("settings") or {}
    shown = settings.get("dashboard", {}).get("display_name")
    return str(profile.get("name") or shown or account.get("email") or account["id"])


def note(title: str, sentence: str, status: int = 200) -> Response:
    """A page with one thing to say."""
    body = fill(PAGES / "challenge.html", title=title, sentence=sentence, outcome="", form=Markup(""))
    return page(body.replace("Test bank · 3D Secure", "Payment sandbox"), status)


def _question(intent: Object) -> str:
    if intent["object"] == "setup_intent":
        return "Your bank asks: do you want this card to be saved for later payments?"
    return f"Your bank asks: do you want to pay {shown_amount(intent['amount'], intent['currency'])}?"


def _serving(path: Path) -> Handler:
    def serve(request: Request) -> Response:
        return static_file(path, access_control_allow_origin="*", cross_origin_resource_policy="cross-origin")

    return serve
