"""What readers get to see: publishing now or later, taking back, the order, deleting, an earlier version."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.queries import current_brand
from core.kernel import clock
from core.pages import actions, queries
from portal.forms import ActionView, FormView
from portal.pages.base import WebsiteMixin
from portal.pages.forms import ScheduleForm


class PageActionView(WebsiteMixin, ActionView):
    """A button about one page; it leads back to the page."""

    def get_success_url(self) -> str:
        return self.address("page")


class PublishView(PageActionView):
    success_message = gettext_lazy("Published. Readers see it now.")

    def perform(self) -> None:
        actions.publish_page(page=self.page, by=self.user, seen=self.request.POST.get("seen", "")[:60] or "nothing")


class ScheduleView(WebsiteMixin, FormView):
    """The moment at which the newest draft is published by itself."""

    template_name = "pages/page_date.html"
    edits = False
    form_class = ScheduleForm
    success_message = gettext_lazy("The date is set. Until then readers see what is published now.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": queries.mark_of(self.page.latest_revision)}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        zone = current_brand().time_zone
        return {**super().get_context_data(form), "page": self.page, "back": self.get_success_url(), "zone": zone}

    def perform(self, form: ScheduleForm) -> None:
        at = datetime.combine(form.cleaned_data["date"], form.cleaned_data["time"], ZoneInfo(current_brand().time_zone))
        actions.schedule_page(page=self.page, at=at, by=self.user, seen=form.cleaned_data["seen"] or "nothing")

    def get_success_url(self) -> str:
        return self.address("page")


class UnscheduleView(PageActionView):
    """Do not publish it by itself."""

    success_message = gettext_lazy("The draft is not published by itself any more.")

    def perform(self) -> None:
        actions.unschedule_page(page=self.page, by=self.user)


class UnpublishView(PageActionView):
    success_message = gettext_lazy("The page is off the website. Its draft is kept.")

    def perform(self) -> None:
        actions.unpublish_page(page=self.page, by=self.user)


class LinkView(PageActionView):
    """Make the link that shows the draft to whoever has it."""

    success_message = gettext_lazy("Here is a link to the draft. Whoever has it can look for seven days.")

    def perform(self) -> Any:
        return actions.share_draft(page=self.page, by=self.user, now=clock.now())


class LinkEndView(PageActionView):
    """Let it open nothing any more."""

    success_message = gettext_lazy("The link shows nothing any more.")

    def perform(self) -> None:
        actions.end_share(page=self.page, by=self.user)


class MoveView(PageActionView):
    """One place up or down among its neighbours."""

    def perform(self) -> None:
        actions.move_page(page=self.page, up=self.request.POST.get("direction") == "up", by=self.user)

    def get_success_url(self) -> str:
        return reverse("website:pages")


class RemovalView(PageActionView):
    """Throw the page away; a page that is the front page or has others below it stays."""

    is_gone = False

    def perform(self) -> None:
        actions.delete_page(page=self.page, by=self.user)
        self.is_gone = True

    def get_success_message(self) -> str:
        return _("“%(title)s” is deleted.") % {"title": self.page.title}

    def get_success_url(self) -> str:
        return reverse("website:pages") if self.is_gone else self.address("page")


class VersionView(PageActionView):
    """An earlier version becomes the newest draft."""

    success_message = gettext_lazy("The earlier version is the draft now. Publish it when it is right.")

    def load(self, pk: int, **more: Any) -> None:
        super().load(pk)
        self.version = queries.get_version(self.page, more["version"])

    def perform(self) -> None:
        actions.restore_version(page=self.page, version=self.version, by=self.user)
