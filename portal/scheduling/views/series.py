"""A new series: its dates are looked at before they are booked."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.scheduling.actions import book_series
from core.scheduling.actions.series_checks import SeriesPlan, look, planned
from core.scheduling.models import AppointmentSeries
from core.scheduling.series_notifications import told_of_series
from core.scheduling.series_words import in_words, with_end
from portal.scheduling.series_forms import SeriesForm, start_of, with_start
from portal.scheduling.series_rows import date_rows
from portal.scheduling.service_choices import service_choices
from portal.scheduling.views.appointment_actions import BookingView


class SeriesBookingView(BookingView):
    """The form of a series and, below it, all its dates. `step=look` shows them; without, they are booked."""

    template_name = "scheduling/_series_booking.html"
    action_name = "repeat"
    result: AppointmentSeries  # type: ignore[assignment]
    plan: SeriesPlan | None = None

    def act(self, **kwargs: Any) -> HttpResponse:
        if "look" not in self.request.POST.getlist("step"):
            return super(BookingView, self).act(**kwargs)
        self.load(**kwargs)
        form = self.get_form(with_start(self.request.POST))
        form.is_valid()
        return self.render_form(form)

    def get_form(self, *posted: Any) -> SeriesForm:
        return SeriesForm(
            *posted,
            user=self.user,
            schedules=self.schedules,
            services=service_choices(),
            words=self.request.vocabulary,  # type: ignore[attr-defined]
            initial=start_of(self.get_initial()),
        )

    def get_context_data(self, form: SeriesForm) -> dict[str, Any]:  # type: ignore[override]
        return {**super().get_context_data(form), **self._dates(form)}

    def _dates(self, form: SeriesForm) -> dict[str, Any]:
        """All dates with what speaks against each; nothing as long as the fields say no series."""
        if not form.is_bound or not form.is_valid() and set(form.errors) - {"__all__", "override_reason", "leave_out"}:
            return {}
        if not hasattr(form, "listed"):
            return {}
        plan, now = form.plan(), clock.now()
        try:
            days = plan.dates(now=now)
        except DomainError as refusal:
            if not form.errors:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return {}
        rows = date_rows(plan, look(plan, planned(plan, days), by=self.user, now=now), listed=form.listed, by=self.user)
        language = get_language() or "en"
        words = with_end(in_words(plan.pattern, plan.at, language=language), plan.until_on, language=language)
        kept = [row for row in rows if row.is_kept]
        return {
            "rows": rows,
            "number": len(kept),
            "left_out": sum(row.was_left_out for row in rows),
            "busy": any(row.date.clashes for row in kept),
            "beside": any(row.date.reasons for row in kept),
            "rhythm": words,
            "plan": plan,
            "seen": form.seen_mark(plan),
        }

    def perform(self, form: SeriesForm) -> AppointmentSeries:  # type: ignore[override]
        plan = form.plan()
        if self.request.POST.get("seen") != form.seen_mark(plan):
            plan.dates(now=clock.now())
            raise DomainError("series_unseen", _("These are the dates now. Look through them, then book."))
        facts = form.facts()
        return book_series(
            plan,
            override_reason=facts["override_reason"],
            large_group_confirmed=facts["large_group_confirmed"],
            leave_out_busy=form.cleaned_data["leave_out"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        told = told_of_series(self.result, list(self.result.clients.all()), by=self.user)
        return _("The series is booked. %(told)s") % {"told": told}

    def get_success_url(self) -> str:
        return reverse("scheduling:series", args=[self.result.pk])
