"""What people do by the link in a mail or text message, without signing in. Looking changes nothing; each act is a form."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from billing.permissions import can_see_costs
from billing.queries.prices import amount_if_cancelled
from branding.queries import current_brand
from core.booking_requests.actions import ask_by_link
from core.kernel import clock, limits
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.people.models import User
from core.scheduling.actions import cancel_appointment, confirm_appointment, tell_late
from core.scheduling.appointment_links import OpenLink, open_link
from core.scheduling.models import Cancellation, Participant
from core.scheduling.queries import answers_of, consequence_of
from core.scheduling.rules import wall_time
from core.scheduling.rules.appointment_links import LinkAct
from portal.forms import add_refusal
from portal.middleware import client_address
from portal.once import OnceMixin
from portal.scheduling.link_forms import CancelForm, ConfirmForm, LateForm, WishForm

VISITS = limits.Limit("appointment_link", 300, timedelta(minutes=15))  # from one address


class LinkView(View):
    """The appointment, what was answered, and what can be."""

    template_name: ClassVar[str] = "scheduling/link.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        count_visit(request)
        try:
            link = open_link(token, now=clock.now())
        except NotFound:
            return unlisted(render(request, "scheduling/link_closed.html", status=404))
        return unlisted(render(request, self.template_name, page_of(link)))


class AnswerView(OnceMixin, View):
    """One act by the link: GET shows its form, POST acts and leads back to the appointment."""

    act_needed: ClassVar[LinkAct]
    form_class: ClassVar[type[forms.Form]]
    template_name: ClassVar[str]
    success_message: ClassVar[Any]
    link: OpenLink

    def get_sender(self) -> str:
        return f"link:{self.link.appointment.pk.hex}"  # a sender has 40 letters

    def get_form(self, *posted: Any) -> forms.Form:
        return self.form_class(*posted, initial={"starts_at": self.link.appointment.starts_at.isoformat()})

    def perform(self, form: Any, starts_at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError

    def get_context_data(self) -> dict[str, Any]:
        return {}

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        count_visit(request)
        try:
            self.link = open_link(token, now=clock.now())
        except NotFound:
            return unlisted(render(request, "scheduling/link_closed.html", status=404))
        return super().dispatch(request, token)  # type: ignore[return-value]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.is_open():
            return self.back()
        return self.page(self.get_form())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        form = self.get_form(self.request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            self.perform(form, form.cleaned_data["starts_at"])
        except ConflictError as refusal:  # because what is so now stands there
            messages.warning(self.request, refusal.message)
            return self.back()
        except DomainError as refusal:
            add_refusal(form, refusal)
            return self.page(form)
        messages.success(self.request, str(self.success_message))
        self.note_sent(self.address())
        return self.back()

    def is_open(self) -> bool:
        return self.act_needed in self.link.acts

    def page(self, form: forms.Form) -> HttpResponse:
        context = {**page_of(self.link), "form": form, **self.get_context_data()}
        return unlisted(render(self.request, self.template_name, context, status=422 if form.errors else 200))

    def address(self) -> str:
        return reverse("scheduling:link", args=[self.link.token])

    def back(self) -> HttpResponse:
        return unlisted(self.lead_to(self.address()))


class ConfirmView(AnswerView):
    """“We come.”"""

    act_needed = LinkAct.CONFIRM
    form_class = ConfirmForm
    template_name = "scheduling/link_confirm.html"
    success_message = gettext_lazy("Thank you: it is confirmed.")

    def perform(self, form: ConfirmForm, starts_at: datetime) -> None:
        confirm_appointment(self.link, starts_at=starts_at, now=clock.now())


class LateView(AnswerView):
    """“We will be late.”"""

    act_needed = LinkAct.LATE
    form_class = LateForm
    template_name = "scheduling/link_late.html"
    success_message = gettext_lazy("Thank you: they know.")

    def perform(self, form: LateForm, starts_at: datetime) -> None:
        tell_late(self.link, minutes=form.cleaned_data["minutes"], starts_at=starts_at, now=clock.now())


class WishView(AnswerView):
    """“Could it be at another time?”"""

    act_needed = LinkAct.ASK
    form_class = WishForm
    template_name = "scheduling/link_wish.html"
    success_message = gettext_lazy("Your wish was passed on. Until you hear of another time, this one stands.")

    def perform(self, form: WishForm, starts_at: datetime) -> None:
        ask_by_link(self.link, wish=form.cleaned_data["wish"], starts_at=starts_at, now=clock.now())


class CancelView(AnswerView):
    """What cancelling means, and then the act: both gates and the policy hold as after signing in."""

    act_needed = LinkAct.CANCEL
    form_class = CancelForm
    template_name = "scheduling/link_cancel.html"
    success_message = gettext_lazy("It is cancelled.")

    def is_open(self) -> bool:
        return self.link.can_cancel

    def get_form(self, *posted: Any) -> CancelForm:
        consequence = consequence_of(self.link.appointment, now=clock.now())
        initial = {
            "starts_at": self.link.appointment.starts_at.isoformat(),
            "level": consequence.level.hours_before if consequence.level else 0,
        }
        return CancelForm(*posted, places=self.link.cancellable, initial=initial)

    def get_context_data(self) -> dict[str, Any]:
        consequence = consequence_of(self.link.appointment, now=clock.now())
        seen = [place for place in self.link.cancellable if _sees_costs(self.link, place)]
        return {
            "consequence": consequence,
            "runs": False,
            "hides_costs": not seen,
            "amounts": _amounts(self.link, seen, consequence),
        }

    def perform(self, form: CancelForm, starts_at: datetime) -> None:
        if not self.is_open():
            raise ConflictError("too_late", _("This cannot be done any more. See below what became of it."))
        if self.link.appointment.starts_at != starts_at:
            raise ConflictError("moved_since", _("It has another time by now. Look at it, then answer again."))
        now = clock.now()
        level = consequence_of(self.link.appointment, now=now).level
        if (level.hours_before if level else 0) != form.cleaned_data["level"]:
            raise ConflictError(
                "other_consequence",
                _("Cancelling means something else by now. Look at what it means, then send the form again."),
            )
        cancel_appointment(
            self.link.appointment,
            party=Cancellation.Party.CLIENT,
            participant=form.place(),
            reason=form.cleaned_data["reason"],
            by=self.link.holder,
            now=now,
        )


def page_of(link: OpenLink) -> dict[str, Any]:
    """What every page behind a link shows. People are named where mail names them, because it is opened like mail: by whoever has it."""
    answers = answers_of(link.appointment, link.participants)
    is_named = current_brand().names_in_mail
    return {
        "link": link,
        "appointment": link.appointment,
        "zone": wall_time.zone(link.zone),
        "names": ", ".join(place.client.name for place in link.participants) if is_named else "",
        "what": link.appointment.what if is_named else "",
        "is_ours": any(place.is_attending for place in link.participants),
        "is_confirmed": answers.is_confirmed,
        "late_minutes": answers.late_minutes,
        "acts": {act.value for act in link.acts},
    }


def unlisted(response: HttpResponse) -> HttpResponse:
    """Not found by search engines, and not told to other hosts."""
    response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"] = "noindex", "no-referrer"
    return response


def count_visit(request: HttpRequest) -> None:
    """Raises `TooOften`."""
    limits.count([(VISITS, client_address(request) or "")], now=clock.now())


def _sees_costs(link: OpenLink, place: Participant) -> bool:
    return isinstance(link.holder, User) and can_see_costs(link.holder, place.client)


def _amounts(link: OpenLink, places: list[Participant], consequence: Any) -> list[Any]:
    if consequence.level is None:
        return []
    found = [
        (place.client, amount_if_cancelled(link.appointment, place.client, consequence.level.client_share))
        for place in places
    ]
    return [(client, amount) for client, amount in found if amount]
