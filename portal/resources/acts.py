"""Buttons: share and withdraw, add to one's list and take off, mark, go back to a version, delete."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.resources import actions
from core.resources.models import Resource, ResourceVersion
from core.resources.permissions import CHANGE, SEE, WITHDRAW, To, get_resource
from portal.forms import ActionView
from portal.resources.files import get_version
from portal.resources.views import StaffView


class OneResourceView(StaffView, ActionView):
    """Something that is done with one resource; it leads back to its page, or to where the button was."""

    to: To = CHANGE
    resource: Resource

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk, to=self.to)

    @property
    def wants(self) -> str:
        """Which of two opposites."""
        return self.request.POST.get("to", "")[:20]

    def get_success_url(self) -> str:
        back = self.request.POST.get("back", "")
        if back in ("list", "store"):
            return reverse(f"resources:{back}")
        return reverse("resources:resource", args=[self.resource.pk])


class SharingView(OneResourceView):
    """Into the store, and out of it."""

    to = WITHDRAW

    def perform(self) -> Resource:
        if self.wants == "withdraw":
            return actions.withdraw_resource(resource=self.resource, by=self.user)
        return actions.share_resource(resource=self.resource, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return (
            _("It is no longer in the store.")
            if self.wants == "withdraw"
            else _("Your colleagues find it in the store.")
        )

    def get_success_url(self) -> str:
        if self.wants == "withdraw" and self.resource.owner_id != self.user.staff.pk:
            return reverse("resources:store")
        return super().get_success_url()


class ListingView(OneResourceView):
    """Onto one's own list, and off it."""

    to = SEE

    def perform(self) -> Any:
        if self.wants == "remove":
            return actions.take_off_list(resource=self.resource, by=self.user)
        return actions.add_to_list(resource=self.resource, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("It is off your list.") if self.wants == "remove" else _("It is on your list.")


class FavoriteView(OneResourceView):
    """Marked, or no longer."""

    to = SEE

    def perform(self) -> None:
        actions.set_favorite(resource=self.resource, is_favorite=self.wants != "remove", by=self.user)


class RestorationView(OneResourceView):
    """An earlier file again."""

    success_message = gettext_lazy("The earlier file is in place again.")
    version: ResourceVersion

    def load(self, pk: UUID, version: int) -> None:  # type: ignore[override] because its address names the version, too
        super().load(pk)
        self.version = get_version(self.resource, version)

    def perform(self) -> Resource:
        return actions.restore_version(version=self.version, by=self.user, now=clock.now())


class DeletionView(OneResourceView):
    """For good."""

    success_message = gettext_lazy("The resource is deleted.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return self.lead_to(reverse("resources:resource", args=[self.resource.pk]))

    def perform(self) -> None:
        actions.delete_resource(resource=self.resource, by=self.user)

    def get_success_url(self) -> str:
        return reverse("resources:list")
