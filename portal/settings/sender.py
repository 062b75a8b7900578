"""From which address mail leaves: neutrally, in the name of an own domain, or by an own mail server."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.models import Brand
from branding.queries import current_brand
from branding.senders import actions
from branding.senders.models import Sender
from branding.senders.queries import current_sender, is_proven
from branding.senders.records import mail_zone, stored
from branding.senders.rules.sender_state import Found
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.people.roles import Permission
from portal import dns_records
from portal.access import SignedInView
from portal.forms import ActionView
from portal.records_link import records_link
from portal.settings import sender_pages
from portal.settings.sender_forms import CodeForm, DomainForm, RepliesForm, ServerForm, TestForm
from portal.settings_pages import SettingsFormView


class SenderView(SettingsFormView):
    """How mail leaves now, the three ways, and the name and replies, which are the same by all of them."""

    needs = Permission.MANAGE_SENDER
    form_class = RepliesForm
    template_name = "settings/sender.html"
    edits = True
    success_message = gettext_lazy("Saved. The next mail has it.")

    def get_edited(self) -> list[Any]:
        return [Brand.objects.get(is_current=True), *Sender.objects.filter(is_current=True)]

    def get_initial(self) -> dict[str, Any]:
        brand, sender = Brand.objects.get(is_current=True), current_sender()
        return {
            "sender_name": brand.sender_name,
            "reply_to": brand.reply_to,
            "reply_to_appointments": sender.reply_to_appointments,
            "reply_to_billing": sender.reply_to_billing,
        }

    def perform(self, form: RepliesForm) -> Sender:
        return actions.change_replies(**form.cleaned_data, by=self.user)

    def get_success_url(self) -> str:
        return reverse("settings:sender")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        sender = current_sender()
        return {
            **super().get_context_data(form),
            **sender_pages.overview(sender),
            "ways": sender_pages.ways(sender),
            "test": sender_pages.test_result(sender),
            "test_form": TestForm(initial={"address": self.user.email}, auto_id="test_%s"),
        }


class WayView(ActionView):
    """Choose one of the three."""

    needs = Permission.MANAGE_SENDER
    success_message = gettext_lazy("From now on mail leaves this way.")

    def perform(self) -> Sender:
        return actions.choose_way(self.request.POST.get("way", ""), by=self.user)

    def get_success_url(self) -> str:
        return reverse("settings:sender")


class TestMailView(ActionView):
    """A mail to oneself, as all mail leaves now."""

    needs = Permission.MANAGE_SENDER
    success_message = gettext_lazy("The test mail is on its way.")

    def perform(self) -> Sender:
        form = TestForm(self.request.POST)
        if not form.is_valid():
            raise DomainError("address_impossible", str(form.errors["address"][0]), field="address")
        return actions.request_test(address=form.cleaned_data["address"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("settings:sender") + "#test"


class TestResultView(SignedInView):
    """The part of the page that waits for the test mail."""

    needs = Permission.MANAGE_SENDER

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"test": sender_pages.test_result(current_sender()), "user_zone": self.user.time_zone}
        return render(request, "settings/_sender_test.html", context)


class DomainView(SettingsFormView):
    """The address, the records to set with what was found, the mailbox, the keys."""

    needs = Permission.MANAGE_SENDER
    form_class = DomainForm
    template_name = "settings/sender_domain.html"
    edits = True
    success_message = gettext_lazy("Saved. Set the records next.")
    calls_processor: ClassVar[bool] = True  # because the DNS is asked at once, and no row waits for it

    def load(self, **_: Any) -> None:
        if mail_zone() is None:
            raise NotFound

    def get_edited(self) -> list[Any]:
        return list(Sender.objects.filter(is_current=True))

    def get_initial(self) -> dict[str, Any]:
        return {"address": current_sender().domain_address}

    def perform(self, form: DomainForm) -> Sender:
        sender = actions.name_domain(form.cleaned_data["address"], by=self.user)
        actions.check_domain(now=clock.now(), by=self.user)
        return sender

    def get_success_url(self) -> str:
        return reverse("settings:sender_domain")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        sender = current_sender()
        return {
            **super().get_context_data(form),
            **sender_pages.overview(sender),
            "steps": sender_pages.steps(sender),
            "records": dns_records.of_mail(stored(sender.domain_found)),
            **records_link(),
            "proof": sender_pages.proof_of(sender.domain_address),
            "keys": sender_pages.keys_of(),
            "way": next(card for card in sender_pages.ways(sender) if card.way == Sender.Way.DOMAIN),
        }


class DomainCheckView(ActionView):
    """Look at the records now."""

    needs = Permission.MANAGE_SENDER
    calls_processor: ClassVar[bool] = True  # because the DNS is asked, and no row waits for it

    def load(self, **_: Any) -> None:
        if mail_zone() is None:
            raise NotFound

    def perform(self) -> Any:
        return actions.check_domain(now=clock.now(), by=self.user)

    def get_success_message(self) -> str:
        found = self.result or []
        wrong = sum(record.found == Found.WRONG and record.key != "dkim_next" for record in found)
        if any(record.found == Found.UNKNOWN for record in found):
            return _("The DNS did not answer for every record. Look again in a minute.")
        return _("Every record is right.") if not wrong else _("Looked: what is still missing stands below.")

    def get_success_url(self) -> str:
        return reverse("settings:sender_domain")


class KeyRotationView(ActionView):
    """Sign with the key that waited."""

    needs = Permission.MANAGE_SENDER
    success_message = gettext_lazy(
        "Mail is signed by the other key from now on. The one before can be verified for another week."
    )

    def load(self, **_: Any) -> None:
        if mail_zone() is None:
            raise NotFound

    def perform(self) -> None:
        actions.rotate_keys(by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("settings:sender_domain")


class ServerView(SettingsFormView):
    """An own mail server; what is saved is tried at once."""

    needs = Permission.MANAGE_SENDER
    form_class = ServerForm
    template_name = "settings/sender_server.html"
    edits = True
    calls_processor: ClassVar[bool] = True  # because the server is tried, and no row waits for it

    def get_edited(self) -> list[Any]:
        return list(Sender.objects.filter(is_current=True))

    def get_initial(self) -> dict[str, Any]:
        sender = current_sender()
        return {
            "address": sender.server_address,
            "host": sender.server_host,
            "port": sender.server_port,
            "security": sender.server_security,
            "user": sender.server_user,
        }

    def get_form(self, *posted: Any) -> ServerForm:
        has_password = bool(current_sender().server_password)
        return ServerForm(*posted, initial=self.get_initial(), has_password=has_password)

    def perform(self, form: ServerForm) -> Any:
        entered = {**form.cleaned_data, "password": form.cleaned_data["password"] or None}
        actions.change_server(**entered, by=self.user)
        return actions.check_server(now=clock.now(), by=self.user)

    def get_success_message(self) -> str:
        return _server_message()

    def get_success_url(self) -> str:
        return reverse("settings:sender_server")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        sender = current_sender()
        return {
            **super().get_context_data(form),
            **sender_pages.overview(sender),
            "proof": sender_pages.proof_of(sender.server_address),
            "way": next(card for card in sender_pages.ways(sender) if card.way == Sender.Way.SERVER),
        }


class ServerCheckView(ActionView):
    """Try the server again."""

    needs = Permission.MANAGE_SENDER
    calls_processor: ClassVar[bool] = True

    def perform(self) -> Any:
        if not current_sender().server_host:
            raise DomainError("server_unknown", translate("Enter the mail server first."))
        return actions.check_server(now=clock.now(), by=self.user)

    def get_success_message(self) -> str:
        return _server_message()

    def get_success_url(self) -> str:
        return reverse("settings:sender_server")


class CodeView(ActionView):
    """Have a code sent to the address."""

    needs = Permission.MANAGE_SENDER
    what: ClassVar[str] = "domain"
    success_message = gettext_lazy("The code is on its way.")

    def load(self, **_: Any) -> None:
        self.address = _address(self.what)

    def perform(self) -> None:
        actions.request_code(self.address, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse(
            f"settings:sender_{self.what}" if is_proven(self.address) else f"settings:sender_{self.what}_proof"
        )


class ProofView(SettingsFormView):
    """Type the code. Wrong ones are counted, whatever else happens."""

    needs = Permission.MANAGE_SENDER
    what: ClassVar[str] = "domain"
    form_class = CodeForm
    template_name = "settings/sender_proof.html"
    edits = False
    calls_processor: ClassVar[bool] = True  # so that a wrong code stays counted when the form is refused
    success_message = gettext_lazy("The mailbox is proven.")

    def load(self, **_: Any) -> None:
        self.address = _address(self.what)

    def perform(self, form: CodeForm) -> None:
        actions.confirm_code(self.address, form.cleaned_data["code"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse(f"settings:sender_{self.what}")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "address": self.address,
            "what": self.what,
            "code_url": reverse(f"settings:sender_{self.what}_code"),
            "back_url": reverse(f"settings:sender_{self.what}"),
            **sender_pages.proof_of(self.address),
            "organization_name": current_brand().name,
        }


def _address(what: str) -> str:
    """The address that is to be proven; NotFound as long as nobody has named it."""
    sender = current_sender()
    found = sender.domain_address if what == "domain" else sender.server_address
    if not found:
        raise NotFound
    return found


def _server_message() -> str:
    sender = current_sender()
    return _("The mail server works.") if sender.server_works else _("Saved, but the mail server could not be used.")
