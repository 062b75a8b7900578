"""What a visitor sends by the contact form, and what they read afterwards. It says the same whoever's address they give."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views import View

from branding.queries import current_brand
from core.enquiries.actions import receive_enquiry
from core.enquiries.models import Enquiry
from core.kernel import clock, limits, sent_forms, unseen
from core.kernel.errors import DomainError, NotFound
from core.kernel.limits import Limit, TooOften
from core.kernel.translation import translate
from core.pages import queries
from core.pages.addresses import in_language, path_of_page
from core.pages.sections import topics_of
from core.scheduling.rules import wall_time
from portal import contact_form, public_frame, time_zones
from portal.contact_form import ContactForm
from portal.forms import add_refusal
from portal.legal_links import privacy_notice
from portal.middleware import network_of
from portal.once import OnceMixin

SALT = "portal.enquiries.sent"
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
FROM_HERE = Limit("enquiry.network", 5, 10 * _MINUTE)
FROM_HERE_A_DAY = Limit("enquiry.network.day", 20, _DAY)
OF_ADDRESS_A_DAY = Limit("enquiry.address.day", 5, _DAY)  # because each is confirmed by a mail to it
OF_ALL = Limit("enquiry.all", 60, 60 * _MINUTE)  # of one organization
OF_ALL_A_DAY = Limit("enquiry.all.day", 300, _DAY)


class PublicView(View):
    """A page of the organization's public site, in a language that it offers."""

    language = ""

    def dispatch(self, request: HttpRequest, *args: Any, language: str = "", **kwargs: Any) -> Any:
        if language and language not in (current_brand().languages or ()):
            raise Http404
        self.language = language
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page with menu and foot."""
        framed = public_frame.of_page("/enquiry/", language=self.language)
        return render(self.request, template, {**framed, "public_languages": [], **context}, status=status)

    def to_form(self) -> str:
        """Where the first page with a form is; empty when there is none."""
        found = next(iter(queries.pages_with_contact_form()), None)
        return in_language(f"{path_of_page(found.page.url_path)}#contact", self.language) if found else ""


class EnquiryView(OnceMixin, PublicView):
    """The form as it was sent: carried out, or shown once more with what is to be mended."""

    def get(self, request: HttpRequest) -> HttpResponse:
        url = self.to_form()
        if not url:
            raise NotFound("contact form")
        return redirect(url)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(self.act)

    def get_sender(self) -> str:
        """Whoever has signed in, else the network: two visitors never send the same."""
        if self.request.user.is_authenticated:
            return str(self.request.user.pk)
        return f"visitor:{salted_hmac(SALT, network_of(self.request), algorithm='sha256').hexdigest()[:32]}"

    def is_one_per_content(self) -> bool:
        return True

    def say_sent_before(self, said: str) -> None:
        """The page that follows says it anyway."""

    def act(self) -> HttpResponse:
        """Keep it, and lead to the page that says so."""
        form = self.unless_used(ContactForm(self.request.POST, topics=self.topics(), section=self.asked("section")))
        if not form.is_valid():
            return self.shown_again(form, 422)
        try:
            self.count(form.cleaned_data["email"])
            with transaction.atomic():
                url = self.keep(form)
                self.note_sent(url)
        except TooOften as refusal:
            add_refusal(form, refusal)
            response = self.shown_again(form, 429)
            response.headers["Retry-After"] = str(refusal.seconds)
            return response
        except DomainError as refusal:
            add_refusal(form, refusal)
            return self.shown_again(form, 422)
        return redirect(url)

    def asked(self, name: str) -> str:
        return self.request.POST.get(name, "")[:40]

    def topics(self) -> list[str]:
        """Those of the section from which it comes, if it is there still."""
        page = self.asked("page")
        value = queries.contact_form(int(page), self.asked("section"), get_language() or "") if _is_key(page) else None
        return topics_of(value or {})

    def keep(self, form: ContactForm) -> str:
        """Where it led. DomainError `form_closed` when no page has a form any more."""
        if not self.to_form():
            sentence = translate(
                "Messages are not taken here any more. What you wrote stands below: please get in touch with us another way."
            )
            raise DomainError("form_closed", sentence)
        notice = privacy_notice()
        enquiry = receive_enquiry(
            written=form.written(),
            language=get_language() or "en",
            time_zone=self.zone(),
            privacy_version=notice["version"] if notice else "",
            now=clock.now(),
            path_of=lambda pk: reverse("enquiries:enquiry", args=[pk]),
        )
        token = signing.dumps(str(enquiry.pk), salt=SALT)
        return in_language(reverse("public_enquiry_sent", args=[token]), self.language)

    def zone(self) -> str:
        """Where the visitor's clock is, as far as their browser has said so."""
        if self.request.user.is_authenticated:
            return time_zones.zone_of(self.request)
        name = self.request.COOKIES.get(time_zones.COOKIE, "")
        return name if wall_time.is_zone(name) else current_brand().time_zone

    def count(self, address: str) -> None:
        """Raises `TooOften`."""
        network, address = network_of(self.request), unseen.address(address).lower()
        attempts = [(FROM_HERE, network), (FROM_HERE_A_DAY, network), (OF_ADDRESS_A_DAY, address)]
        limits.count([*attempts, (OF_ALL, ""), (OF_ALL_A_DAY, "")], now=clock.now())

    def shown_again(self, form: ContactForm, status: int) -> HttpResponse:
        """The form alone, with everything that was typed."""
        if sent_forms.made_at(form.key) is None or self.is_used(form):
            form.key = sent_forms.new_key()
        brand = current_brand()
        section = contact_form.shown(
            form, page=self.asked("page"), section=self.asked("section"), language=self.language
        )
        reach = {"address": brand.address, "phone": brand.phone}
        return self.page("enquiries/form.html", status=status, section=section, reach=reach)

    def is_used(self, form: ContactForm) -> bool:
        """Whether the key has done its work already."""
        earlier = sent_forms.earlier_with_other_content
        return bool(self.sending and earlier(self.sent_form_model, self.sending))


class SentView(PublicView):
    """It has arrived. For whoever was led here, as long as it is kept."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            pk = signing.loads(token, salt=SALT)
        except signing.BadSignature as error:
            raise NotFound("enquiry") from error
        enquiry = Enquiry.objects.filter(pk=pk).first()
        if enquiry is None:
            raise NotFound(f"enquiry {pk}")
        return self.page("enquiries/sent.html", enquiry=enquiry, back_url=in_language("/", self.language))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
