"""The list of enquiries, one of them, and what is done with it."""

from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enquiries import actions, permissions, queries
from core.enquiries.models import Enquiry
from core.kernel import clock
from core.people.roles import Permission
from portal.access import SignedInView
from portal.delivery_log import mails_about
from portal.enquiries.presenters import badge_of, rows_of
from portal.forms import ActionView
from portal.spoken_languages import name_of
from portal.time_zones import zone_of

PER_PAGE = 25
NEEDS = Permission.SEE_ALL_CLIENTS


class EnquiryListView(SignedInView):
    """Those in one state, the latest first."""

    needs = NEEDS

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:80]
        state = request.GET.get("state", "")
        state = state if state in Enquiry.State.values else Enquiry.State.NEW.value
        page = Paginator(queries.enquiry_list(self.user, state=state, typed=typed), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context = {
            "page": page,
            "rows": rows_of(page),
            "typed": typed,
            "state": state,
            "tabs": self._tabs(state, typed),
            "query": urlencode({"state": state, **({"q": typed} if typed else {})}),
            "user_zone": zone_of(request),
            "may_change_form": self.user.may(Permission.MANAGE_ORGANIZATION),
        }
        return render(request, "enquiries/list.html", context)

    def _tabs(self, chosen: str, typed: str) -> list[dict[str, Any]]:
        counts, kept = queries.counts_by_state(self.user), {"q": typed} if typed else {}
        return [
            {
                "label": label,
                "count": counts.get(code, 0),
                "current": code == chosen,
                "url": "?" + urlencode({"state": code, **kept}),
            }
            for code, label in Enquiry.State.choices
        ]


class EnquiryView(SignedInView):
    """One enquiry: what was written, by whom, and what became of it."""

    needs = NEEDS

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        enquiry = permissions.get_enquiry(self.user, pk)
        text = actions.read_enquiry(enquiry=enquiry, by=self.user)
        context = {
            "enquiry": enquiry,
            "text": text,
            "badge": badge_of(enquiry),
            "language_name": name_of(enquiry.language),
            "may_be": queries.whose_it_may_be(enquiry, self.user),
            "mails": mails_about(enquiry) if permissions.can_handle_enquiries(self.user) else [],
            "may_handle": permissions.can_handle_enquiries(self.user),
            "answer_url": self._answer_url(enquiry),
            "user_zone": zone_of(request),
        }
        return render(request, "enquiries/enquiry.html", context)

    def _answer_url(self, enquiry: Enquiry) -> str:
        """A mail to the visitor in the reader's own program."""
        subject = _("Your message: %(topic)s") % {"topic": enquiry.topic} if enquiry.topic else _("Your message")
        return f"mailto:{quote(enquiry.email, safe='@+')}?subject={quote(subject)}"


class OneEnquiryView(ActionView):
    """Something that is done with one enquiry."""

    needs = NEEDS
    enquiry: Enquiry

    def load(self, pk: Any) -> None:
        self.enquiry = permissions.get_enquiry(self.user, pk, to=permissions.HANDLE)


class StateView(OneEnquiryView):
    """Answered, put away, or new again."""

    def perform(self) -> Enquiry:
        state = self.request.POST.get("state", "")
        return actions.change_enquiry_state(enquiry=self.enquiry, state=state, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return {
            Enquiry.State.ANSWERED.value: _("Marked as answered."),
            Enquiry.State.ARCHIVED.value: _("Put away. You find it under Archived."),
        }.get(self.result.state, _("It is new again."))

    def get_success_url(self) -> str:
        return reverse("enquiries:enquiry", args=[self.enquiry.pk])


class DeletionView(OneEnquiryView):
    """Delete it for good."""

    success_message = gettext_lazy("The enquiry is deleted.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return self.lead_to(reverse("enquiries:enquiry", args=[self.enquiry.pk]))

    def perform(self) -> None:
        actions.delete_enquiry(enquiry=self.enquiry, by=self.user)

    def get_success_url(self) -> str:
        return reverse("enquiries:list")
