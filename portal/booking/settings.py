"""What people can book online: the rules, services, practitioners, questions, and the links to it."""

from typing import Any
from uuid import UUID

import segno
from django.forms import BaseForm
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.models import Service
from core.booking import actions
from core.booking.group_queries import joinable_from
from core.booking.models import (
    BookablePractitioner,
    BookableService,
    BookingSettings,
    IntakeQuestion,
)
from core.booking.permissions import get_bookable_practitioner, get_bookable_service, get_question
from core.kernel import clock
from core.kernel.reading_order import reading_key
from core.people.models import StaffMember
from core.people.permissions import CHANGE, get_client
from core.people.roles import Permission
from core.scheduling.models import WorkingHours
from portal.booking.settings_forms import (
    NewPractitionerForm,
    NewServiceForm,
    PractitionerForm,
    QuestionForm,
    ServiceForm,
    SettingsForm,
)
from portal.forms import ActionView
from portal.settings_pages import SettingsFormView
from tenants.absolute_urls import absolute_url

NEEDS = Permission.MANAGE_ALL_SCHEDULES


class SettingsView(SettingsFormView):
    """Who may book themselves, and when; beside it everything that can be booked."""

    needs = NEEDS
    template_name = "booking/settings.html"
    edits = True
    success_message = _("Saved. What is booked already stays as it is.")

    def get_edited(self) -> list[Any]:
        return [BookingSettings.current()]

    def get_form(self, *posted: Any) -> SettingsForm:
        return SettingsForm(*posted, instance=BookingSettings.current())

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        settings = BookingSettings.current()
        services, people = _services(), _practitioners()
        return {
            **super().get_context_data(form),
            "settings": settings,
            "services": services,
            "people": people,
            "questions": IntakeQuestion.objects.all(),
            "links": _links(settings) if services and people else {},
        }

    def perform(self, form: SettingsForm) -> BookingSettings:
        return actions.change_booking_settings(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("booking_settings:settings")


class _PartView(SettingsFormView):
    """One of the things below the rules."""

    needs = NEEDS
    edits = True
    template_name = "booking/part.html"
    success_message = _("Saved.")
    title: Any = ""
    removal = ""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "title": self.get_title(),
            "removal_url": reverse(self.removal, args=[self.row.pk]) if self.removal else "",
            "nothing": self.get_nothing(form),
        }

    row: Any = None

    def get_title(self) -> Any:
        return self.title

    def get_nothing(self, form: BaseForm) -> Any:
        """Why there is nothing to add, if so."""
        return ""

    def get_edited(self) -> list[Any]:
        return [self.row]

    def get_success_url(self) -> str:
        return reverse("booking_settings:settings")


class NewServiceView(_PartView):
    """Let another service be booked."""

    edits = False
    title = _("Add to online booking: %(service)s")

    def get_form(self, *posted: Any) -> NewServiceForm:
        return NewServiceForm(*posted, initial={"modes": ["online"]})

    def get_nothing(self, form: BaseForm) -> Any:
        return (
            "" if form.fields["service"].queryset.exists() else _("All your %(services)s can be booked online already.")
        )  # type: ignore[attr-defined]

    def perform(self, form: NewServiceForm) -> BookableService:
        self.row = form.row(BookableService())
        return actions.save_bookable_service(self.row, resources=form.cleaned_data.get("resources", ()), by=self.user)

    def get_success_message(self) -> Any:
        return _what_can_be_joined(self.row) or super().get_success_message()


class ServiceView(_PartView):
    """How one is booked."""

    edits = True
    removal = "booking_settings:service_removal"

    def load(self, pk: UUID) -> None:
        self.row = get_bookable_service(self.user, pk)

    def get_title(self) -> Any:
        return str(Service.objects.filter(pk=self.row.service_id).first() or self.row.slug)

    def get_initial(self) -> dict[str, Any]:
        names = ("slug", "modes", "location", "places", "is_for_first_visit")
        return {**{name: getattr(self.row, name) for name in names}, "resources": list(self.row.resources.all())}

    def get_form(self, *posted: Any) -> ServiceForm:
        return ServiceForm(*posted, initial=self.get_initial())

    def perform(self, form: ServiceForm) -> BookableService:
        resources = form.cleaned_data.get("resources", ())
        return actions.save_bookable_service(form.row(self.row), resources=resources, by=self.user)

    def get_success_message(self) -> Any:
        return _what_can_be_joined(self.row) or super().get_success_message()


def _what_can_be_joined(row: BookableService) -> str:
    number = joinable_from(row, now=clock.now())
    if not number:
        return ""
    return ngettext(
        "Saved. People can take a place in %(number)d %(appointment)s that stands in your calendar.",
        "Saved. People can take a place in %(number)d %(appointments)s that stand in your calendar.",
        number,
    ) % {"number": number}


class ServiceRemovalView(ActionView):
    """Not online any more."""

    needs = NEEDS
    success_message = _("It cannot be booked online any more. What is booked already stays as it is.")

    def load(self, pk: UUID) -> None:
        self.row = get_bookable_service(self.user, pk)

    def perform(self) -> None:
        actions.remove_bookable_service(self.row, by=self.user)

    def get_success_url(self) -> str:
        return reverse("booking_settings:settings")


class NewPractitionerView(_PartView):
    """Let people book with somebody else."""

    edits = False
    title = _("Add to online booking: %(practitioner)s")

    def get_form(self, *posted: Any) -> NewPractitionerForm:
        return NewPractitionerForm(*posted, by=self.user)

    def perform(self, form: NewPractitionerForm) -> BookablePractitioner:
        person: StaffMember = form.cleaned_data["practitioner"]
        known = BookablePractitioner.objects.filter(practitioner=person).first()
        return actions.save_bookable_practitioner(form.row(known or BookablePractitioner()), by=self.user)


class PractitionerView(_PartView):
    """For what people book with somebody."""

    edits = True
    removal = "booking_settings:practitioner_removal"

    def load(self, pk: UUID) -> None:
        self.row = get_bookable_practitioner(self.user, pk)

    def get_title(self) -> Any:
        return str(self.row.practitioner)

    def get_form(self, *posted: Any) -> PractitionerForm:
        services = list(Service.objects.filter(pk__in=self.row.service_ids))
        return PractitionerForm(*posted, initial={"slug": self.row.slug, "services": services})

    def perform(self, form: PractitionerForm) -> BookablePractitioner:
        return actions.save_bookable_practitioner(form.row(self.row), by=self.user)


class PractitionerRemovalView(ActionView):
    """Nobody books with them any more."""

    needs = NEEDS
    success_message = _("Nobody can book with them online any more. What is booked already stays as it is.")

    def load(self, pk: UUID) -> None:
        self.row = get_bookable_practitioner(self.user, pk)

    def perform(self) -> None:
        actions.remove_bookable_practitioner(self.row, by=self.user)

    def get_success_url(self) -> str:
        return reverse("booking_settings:settings")


class NewQuestionView(_PartView):
    """Ask something else."""

    edits = False
    title = _("Add a question")

    def get_form(self, *posted: Any) -> QuestionForm:
        return QuestionForm(*posted, instance=IntakeQuestion(position=IntakeQuestion.objects.count()))

    def perform(self, form: QuestionForm) -> IntakeQuestion:
        return actions.save_question(form.save(commit=False), by=self.user)


class QuestionView(_PartView):
    """One question."""

    edits = True
    removal = "booking_settings:question_removal"
    title = _("A question asked at booking")

    def load(self, pk: UUID) -> None:
        self.row = get_question(self.user, pk)

    def get_form(self, *posted: Any) -> QuestionForm:
        return QuestionForm(*posted, instance=self.row)

    def perform(self, form: QuestionForm) -> IntakeQuestion:
        return actions.save_question(form.save(commit=False), by=self.user)


class QuestionRemovalView(ActionView):
    """Not asked any more."""

    needs = NEEDS
    success_message = _("It is not asked any more. Answers that were given stay.")

    def load(self, pk: UUID) -> None:
        self.row = get_question(self.user, pk)

    def perform(self) -> None:
        actions.remove_question(self.row, by=self.user)

    def get_success_url(self) -> str:
        return reverse("booking_settings:settings")


class ExceptionView(ActionView):
    """Whether one client books online, whatever holds for the others."""

    needs = NEEDS
    success_message = _("Saved.")
    CHOICES = {"yes": True, "no": False}  # noqa: RUF012

    def load(self, pk: UUID) -> None:
        self.client = get_client(self.user, pk, to=CHANGE)

    def perform(self) -> None:
        may_book = self.CHOICES.get(self.request.POST.get("may_book", ""))
        actions.set_exception(client=self.client, may_book=may_book, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])


def _services() -> list[dict[str, Any]]:
    names = {service.pk: service for service in Service.objects.all()}
    rows = [(row, names.get(row.service_id)) for row in BookableService.objects.all()]
    return sorted(
        ({"row": row, "service": service, "url": _page(row.slug)} for row, service in rows if service),
        key=lambda each: reading_key(str(each["service"])),
    )


def _practitioners() -> list[dict[str, Any]]:
    """With a remark about those with whom nothing can be booked for want of hours."""
    rows = list(BookablePractitioner.objects.select_related("practitioner__user"))
    keys = [row.practitioner_id for row in rows]
    with_hours = set(WorkingHours.objects.filter(practitioner__in=keys).values_list("practitioner_id", flat=True))
    return [
        {"row": row, "url": _page(row.slug), "has_hours": row.practitioner_id in with_hours}
        for row in sorted(rows, key=lambda row: row.practitioner.user.sort_key)
    ]


def _links(settings: BookingSettings) -> dict[str, Any]:
    address = absolute_url(reverse("booking:index"))
    script = absolute_url(reverse("booking:embed"))
    return {
        "address": address,
        "qr": _qr(address),
        "embed": f'<script src="{script}" async></script>' if settings.is_public and settings.frame_hosts else "",
    }


def _qr(text: str) -> SafeString:
    svg = segno.make(text, error="m").svg_inline(
        border=2, dark="#111", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # noqa: S308 because segno drew it: a path of numbers, in which the text does not occur


def _page(slug: str) -> str:
    return absolute_url(reverse("booking:subject", args=[slug]))
