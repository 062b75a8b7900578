"""A time that is held: details, the code for the address, the last look at price and policy, and what was booked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.prepayments import queries as prepayments
from billing.prepayments.actions.asking import ask_at_booking
from billing.prepayments.permissions import can_be_paid_by
from branding.queries import current_brand
from core.booking.actions import (
    ask_for_code,
    book_held,
    book_held_for_visitor,
    find_hold,
    hold_again,
    keep_details,
    let_go,
    prove_address,
)
from core.booking.models import BookingSettings, Hold, SelfBooking
from core.booking.permissions import can_book_for, clients_bookable_by
from core.booking.queries import free_times, questions_for, was_here
from core.booking.rules import slots
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.people.models import Client, LinkedLogin, User
from core.people.permissions import clients_acted_for
from core.people.queries import login_by_email, login_facts
from core.people.rules.sign_in import sign_in_refusal
from core.scheduling import calendar_file
from core.scheduling.models import Appointment
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from portal.booking import offers, visitors
from portal.booking.forms import ClientForm, CodeForm, VisitorForm
from portal.booking.pages import around
from portal.booking.terms import terms_of
from portal.booking.times import clock_label, start_from
from portal.booking.visitors import BookingPage
from portal.forms import add_refusal
from portal.once import OnceMixin

TAKEN = {"time_taken", "no_place_left", "practitioner_not_free", "resource_not_free"}  # so that another time helps
NEAREST = 4  # other times that are offered where one was taken


class HeldPage(OnceMixin, BookingPage):
    """What all pages of one hold share. Whoever has its address may see it: nobody else was given it."""

    hold: Hold
    is_taken = False  # somebody else has the time, although it was held

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.token = kwargs.pop("token")
        self.hold = find_hold(self.token)
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"] = "noindex", "same-origin"
        return response

    def get_sender(self) -> str:
        return str(self.hold.pk)

    @property
    def offer(self) -> offers.OnlineOffer:
        return offers.offer_of(self.hold.bookable)

    @property
    def wanted(self) -> Any:
        return self.offer.wanted(self.hold.mode, self.settings)

    @property
    def own(self) -> SelfBooking | None:
        """What was booked from this hold; in a group others have booked, too."""
        if self.hold.appointment is None:
            return None
        found = self.hold.appointment.self_bookings.select_related("client", "user", "appointment__practitioner__user")
        return found.filter(client=self.hold.client_id).first() if self.hold.client_id else found.first()

    def stands(self, own: SelfBooking | None) -> bool:
        """Whether it is still theirs: in a group they can have given up their place while it goes on."""
        appointment = self.hold.appointment
        if appointment is None or not appointment.is_booked or own is None:
            return False
        return any(place.client_id == own.client_id for place in appointment.attending)

    def url(self, name: str = "held") -> str:
        return reverse(f"booking:{name}", args=[self.token])

    def times_url(self) -> str:
        """Back to the times of the same service, on the same day."""
        day = self.hold.starts_at.astimezone(wall_time.zone(self.hold.time_zone)).date()
        person = next(
            (each.slug for each in self.offer.practitioners if each.practitioner_id == self.hold.practitioner_id), ""
        )
        with_whom = "" if self.hold.is_anybody or not person else f"&with={person}"
        return (
            f"{reverse('booking:subject', args=[self.hold.bookable.slug])}?day={day}&mode={self.hold.mode}{with_whom}"
        )

    def page(self, template: str, *, status: int = 200, client: Client | None = None, **context: Any) -> HttpResponse:
        """A page with the summary of what is held beside it."""
        now, hold = clock.now(), self.hold
        left = hold.expires_at - now
        price = offers.shown_price(self.offer.service, self.request.user, client)
        asked = None if hold.appointment_id else self.prepayment(client)
        shown = {
            **around(self.request.path), "hold": hold, "offer": self.offer, "zone": wall_time.zone(hold.time_zone),
            "zone_name": hold.time_zone, "price": price, "terms": terms_of(hold.starts_at, group=hold.group, shows_costs=price is not None, now=now),
            "minutes_left": max(1, -(-int(left.total_seconds()) // 60)) if left.total_seconds() > 0 else 0, "times_url": self.times_url(),
            "place": hold.group.place if hold.group else hold.bookable.location, "client": client, "token": self.token,
            "prepayment": asked, **self.others(),
        }  # fmt: skip
        return render(self.request, template, {**shown, **context}, status=status)

    def others(self) -> dict[str, Any]:
        """Whether a time that is held no more is free all the same, and if not, which others are."""
        now = clock.now()
        if self.hold.appointment_id or not (self.is_taken or self.hold.is_over(now)):
            return {}
        free = free_times(self.wanted, [self.hold.practitioner], now=now, apart_from=self.hold)[
            self.hold.practitioner_id
        ]
        start, zone = slots.number_of(self.hold.starts_at), wall_time.zone(self.hold.time_zone)
        nearest = sorted(sorted((each for each in free if each != start), key=lambda each: abs(each - start))[:NEAREST])
        moments = [(each, slots.at(each).astimezone(zone)) for each in nearest]
        other = [(each, moment.date(), clock_label(moment)) for each, moment in moments]
        return {"is_over": True, "is_free": start in free and not self.is_taken, "nearest": other}

    def prepayment(self, client: Client | None) -> prepayments.Preview | None:
        """What booking this would ask for at once, for whoever may read it."""
        service, user = self.offer.service, self.request.user
        if user.is_authenticated:
            return prepayments.preview(service, client, self.hold.starts_at, user)
        login = login_by_email(self.hold.proven_address) if self.hold.proven_address else None
        own = _only_client_of(login, self.settings) if login is not None and login.is_active else None
        return prepayments.preview(service, own, self.hold.starts_at, login if own else None)

    def pay(self, appointment: Appointment, client: Client, by: User) -> str:
        """Where they go on: to pay what was asked for, if they are the one who pays; else to what was booked."""
        seen = self.request.POST.get("prepayment_seen", "")
        asked = ask_at_booking(appointment=appointment, client=client, seen=seen, by=by, now=clock.now())
        if asked is not None and asked.payer_id == by.pk and can_be_paid_by(by, asked):
            return reverse("billing:prepay-link", args=[prepayments.token_of(asked)])
        return self.url("booked")

    def refused(self, form: Any, refusal: DomainError) -> HttpResponse:
        """The form as it was, and why."""
        self.is_taken = refusal.code in TAKEN
        add_refusal(form, refusal)
        return self.render_form(form)

    def render_form(self, form: Any) -> HttpResponse:
        """The page with this form."""
        raise NotImplementedError

    def book_for_address(self) -> str:
        """Whoever has a login with one client of their own is booked for at once; the others sign in, because there is a choice to make."""
        login = login_by_email(self.hold.proven_address)
        shared = {
            "wanted": self.wanted,
            "service": self.offer.chosen,
            "answers": self.hold.details.get("answers", []),
            "now": clock.now(),
        }
        if login is None:
            booked = book_held_for_visitor(self.hold, language=get_language() or "en", **shared)
            self.hold.refresh_from_db()
            own = self.own
            return self.pay(booked, own.client, own.user) if own else self.url("booked")
        client = _only_client_of(login, self.settings)
        if client is None:
            return self.url("sign_in")
        booked = book_held(self.hold, client=client, by=login, **shared)
        return self.pay(booked, client, login)

    def answered(self, act: Callable[[], str], refused: Callable[[DomainError], HttpResponse]) -> HttpResponse:
        """Act once in one transaction, and lead on; or say why not, with everything that was typed."""
        try:
            with transaction.atomic():
                url = act()
                self.note_sent(url)
        except DomainError as refusal:
            return refused(refusal)
        return redirect(url)


def _only_client_of(login: User, settings: BookingSettings) -> Client | None:
    """Themselves, where they act for nobody else and work here in no other way. `not_reached` for a login that is switched off."""
    if sign_in_refusal(login_facts(login)) is not None:
        sentence = _("Nothing can be booked online with this address. Please get in touch with us.")
        raise DomainError("not_reached", sentence)
    clients = list(clients_acted_for(login)[:2])
    is_self = LinkedLogin.objects.filter(user=login, client__in=clients, relationship=LinkedLogin.Relationship.SELF)
    if len(clients) != 1 or login.staff is not None or not is_self.exists():
        return None
    return clients[0] if can_book_for(login, clients[0], settings) else None


class DetailsView(HeldPage):
    """For whom it is, and what the organization asks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.hold.appointment_id:
            return redirect(self.url("booked"))
        return self.render_form(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Book for a client of whoever has signed in; for everybody else, send the code."""
        if self.hold.appointment_id:
            return redirect(self.url("booked"))
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        return self.answered(lambda: self.perform(form), lambda refusal: self.refused(form, refusal))

    def perform(self, form: Any) -> str:
        if isinstance(form, ClientForm):
            booked = book_held(
                self.hold, client=form.chosen, wanted=self.wanted, service=self.offer.chosen, answers=form.answers(),
                by=self.request.user, now=clock.now(),
            )  # fmt: skip
            return self.pay(booked, form.chosen, self.request.user)  # type: ignore[arg-type]  # a form of clients is for who has signed in
        address = form.cleaned_data["email"]
        if self.hold.proven_address == address.lower():  # shown before, for a time that somebody else took
            self.hold = keep_details(self.hold, details=form.details())
            return self.book_for_address()
        visitors.count_mail(self.request, address)
        ask_for_code(self.hold, details=form.details(), language=get_language() or "en", now=clock.now())
        return self.url("code")

    def form(self, *posted: Any) -> ClientForm | VisitorForm:
        if self.request.user.is_authenticated:
            clients = list(clients_bookable_by(self.request.user, self.settings))
            is_new = any(not was_here(client) for client in clients[:20])
            return ClientForm(*posted, clients=clients, questions=questions_for(is_first_visit=is_new))
        known = self.hold.details
        initial = {**known, **known.get("raw", {})}
        questions = questions_for(is_first_visit=True)
        return VisitorForm(*posted, settings=self.settings, questions=questions, initial=initial)

    def render_form(self, form: ClientForm | VisitorForm) -> HttpResponse:
        status = 422 if form.errors else 200
        if isinstance(form, ClientForm):
            only = next(iter(form.clients.values())) if len(form.clients) == 1 else None
            if only is None and form.is_bound:
                only = form.clients.get(form.data.get("client", ""))
            return self.page("booking/client.html", form=form, client=only, status=status)
        return self.page("booking/visitor.html", form=form, status=status)


class CodeView(HeldPage):
    """The visitor shows that the address is theirs; then it is booked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.hold.appointment_id:
            return redirect(self.url("booked"))
        if not self.hold.details.get("email"):
            return redirect(self.url())
        return self.render_form(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Compare the code, and book for the person whose address it is."""
        if self.hold.appointment_id:
            return redirect(self.url("booked"))
        if not self.hold.details.get("email"):
            return redirect(self.url())
        form = CodeForm(self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        visitors.count_code(self.hold)
        try:
            self.hold = prove_address(self.hold, code=form.cleaned_data["code"], now=clock.now())
        except DomainError as refusal:
            return self.refused(form, refusal)
        return self.answered(self.book_for_address, lambda refusal: self.refused(form, refusal))

    def render_form(self, form: CodeForm) -> HttpResponse:
        status = 422 if form.errors else 200
        return self.page("booking/code.html", form=form, email=self.hold.details.get("email", ""), status=status)


class SignInView(HeldPage):
    """The address has a login here, which has shown to be theirs: they sign in, and the time is still held."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or not self.hold.proven_address:
            return redirect(self.url())
        return self.page("booking/sign_in.html", next_url=self.url())


class AgainView(HeldPage):
    """Take the same time once more, or let it go."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(self.url())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        if self.hold.appointment_id:
            return redirect(self.url("booked"))
        if self.request.POST.get("let_go"):
            url = self.times_url()
            let_go(self.hold)
            return redirect(url)
        visitors.count_hold(self.request)
        starts_at = start_from(self.request.POST.get("start", ""))
        try:
            hold_again(self.hold, wanted=self.wanted, starts_at=starts_at, now=clock.now())
        except ConflictError as refusal:
            messages.error(self.request, refusal.message)  # the page says what else is free
        return redirect(self.url())


class BookedView(HeldPage):
    """What was booked, and how to go on. For a day; after that it stands in the mail, and behind the sign-in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.hold.appointment_id:
            return redirect(self.url())
        own = self.own
        is_theirs = own is not None and request.user == own.user
        return self.page(
            "booking/booked.html", appointment=self.hold.appointment, own=own, is_theirs=is_theirs, stands=self.stands(own),
            client=own.client if is_theirs and own else None, awaits=self.awaits(own), brand_name=current_brand().name,
        )  # fmt: skip

    def awaits(self, own: SelfBooking | None) -> dict[str, Any] | None:
        """Until when the time waits to be paid, and where, if it is they who pay. No amount."""
        found = prepayments.awaits_payment(own.appointment_id, [own.client_id]) if own else None
        if found is None or own is None:
            return None
        is_theirs = found.payer_id == own.user_id and can_be_paid_by(own.user, found)
        url = reverse("billing:prepay-link", args=[prepayments.token_of(found)]) if is_theirs else ""
        return {"until": found.due_at, "url": url, "payer": "" if is_theirs else found.payer.name}


class CalendarFileView(HeldPage):
    """The entry for a calendar, of what was booked from this hold."""

    def get(self, request: HttpRequest) -> HttpResponse:
        own = self.own
        if own is None:
            return redirect(self.url())
        recipient = AppointmentRecipient(own.user, (own.client,))
        entry = calendar_file.Entry(own.appointment, recipient, is_cancelled=not self.stands(own))
        content = calendar_file.one_entry(entry, method="PUBLISH", now=clock.now())
        response = HttpResponse(content, content_type=f"{calendar_file.MIME}; charset=utf-8; method=PUBLISH")
        response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
        return response
