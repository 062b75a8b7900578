"""One's own calendar for other programs: the page where its address is kept, and the file behind it."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext_lazy
from django.views import View

from branding.queries import current_brand
from core.kernel import clock, limits
from core.kernel.errors import NotFound
from core.scheduling.actions import end_feed, renew_feed, set_feed
from core.scheduling.calendar_file import MIME
from core.scheduling.feed_file import FeedFile, address_of, open_feed, read_feed
from core.scheduling.models import CalendarFeed
from core.scheduling.permissions import schedules_run_by
from core.scheduling.rules import feeds
from portal.forms import ActionView, FormView
from portal.middleware import client_address
from portal.scheduling.calendar_guides import GUIDES
from portal.scheduling.feed_forms import FeedForm
from portal.scheduling.views.links import VISITS, unlisted

READS = limits.Limit("calendar_feed", feeds.READS, feeds.READS_WITHIN)  # of one address


class FeedView(FormView):
    """The address with its options, and how to use it; before there is one: what it would be."""

    template_name = "scheduling/feed.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        self.feed = CalendarFeed.objects.filter(user=self.user).first()
        runs = list(schedules_run_by(self.user).values_list("user_id", flat=True)[:2])
        self.runs_others = any(owner != self.user.pk for owner in runs)

    def get_edited(self) -> list[Any]:
        return list(CalendarFeed.objects.filter(user=self.user))

    def get_form(self, *posted: Any) -> FeedForm:
        feed = self.feed or CalendarFeed()
        initial = {"is_busy_only": feed.is_busy_only, "is_own_only": feed.is_own_only}
        return FeedForm(*posted, runs_others=self.runs_others, initial=initial)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        address = address_of(self.feed) if self.feed else ""
        return {
            **super().get_context_data(form),
            "feed": self.feed,
            "address": address,
            "guides": GUIDES,
            "names_in_mail": current_brand().names_in_mail,
            "subscription": f"webcal:{address.partition(':')[2]}" if address else "",
        }

    def perform(self, form: FeedForm) -> CalendarFeed:
        return set_feed(
            is_busy_only=form.cleaned_data["is_busy_only"],
            is_own_only=form.cleaned_data.get("is_own_only", False),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("scheduling:feed")


class FeedRenewalView(ActionView):
    """Another address, because somebody else knows this one."""

    success_message = gettext_lazy("This is your new address. The one before leads nowhere any more.")

    def perform(self) -> None:
        renew_feed(by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling:feed")


class FeedEndView(FeedRenewalView):
    """No address any more."""

    success_message = gettext_lazy("The address leads nowhere any more.")

    def perform(self) -> None:
        end_feed(by=self.user, now=clock.now())


class FeedFileView(View):
    """The file that programs read, without signing in and without cookies."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        now = clock.now()
        try:
            feed = open_feed(token)
        except NotFound:
            limits.count([(VISITS, client_address(request) or "")], now=now)  # because secrets can be guessed at
            return unlisted(HttpResponse(status=404))
        limits.count([(READS, token)], now=now)
        found = read_feed(feed, now=now)
        if _is_known(request, found):
            return _with_marks(HttpResponse(status=304), found)
        response = HttpResponse(found.content, content_type=f"{MIME}; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        return _with_marks(response, found)


def _is_known(request: HttpRequest, found: FeedFile) -> bool:
    """Whether the program has this file already (RFC 9110, 13.2.2)."""
    if (tags := request.headers.get("If-None-Match")) is not None:
        known = [tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")]
        return found.digest in known or tags.strip() == "*"
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and int(found.changed_at.timestamp()) <= since


def _with_marks(response: HttpResponse, found: FeedFile) -> HttpResponse:
    response.headers["ETag"] = f'"{found.digest}"'
    response.headers["Last-Modified"] = http_date(found.changed_at.timestamp())
    response.headers["Cache-Control"] = "private, no-cache"
    return unlisted(response)
