"""One's own personal link: its address, who can come by it and when, and who came."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.roles import Permission
from portal.forms import ActionView, FormView
from portal.live.link_forms import CallForm, LinkForm, ResetForm
from portal.live.link_rows import call_rows
from sessions_live.models import LiveSettings
from sessions_live.permissions import can_host
from sessions_live.personal_links import actions
from sessions_live.personal_links.models import LinkGuest, PersonalLink
from sessions_live.personal_links.permissions import may_have_link
from sessions_live.personal_links.queries import calls_of_link, opening_of_link
from tenants.absolute_urls import absolute_url

SHOWN = 50


def own_link(user: Any) -> PersonalLink:
    """PermissionDenied for whoever does not work here; NotFound where there are no personal links."""
    if not may_have_link(user):
        raise PermissionDenied
    if not LiveSettings.current().links_allowed:
        raise NotFound("personal links")
    return actions.ensure_link(user.staff, by=user, now=clock.now())


def address_of(link: PersonalLink) -> str:
    """What one sends to people."""
    return absolute_url(reverse("join:link", args=[link.slug]))


class LinkView(FormView):
    """The link with everything about it."""

    template_name = "live/link.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        self.link = own_link(self.user)

    def get_edited(self) -> list[Any]:
        return [self.link]

    def get_form(self, *posted: Any) -> LinkForm:
        return LinkForm(*posted, link=self.link)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        now = clock.now()
        return {
            **super().get_context_data(form),
            "link": self.link,
            "address": address_of(self.link),
            "opening": opening_of_link(self.link, now=now),
            "calls": call_rows(calls_of_link(self.link)[:SHOWN]),
            "has_blocked": self.link.guests.filter(blocked_at__isnull=False).exists(),
        }

    def perform(self, form: LinkForm) -> PersonalLink:
        return actions.change_link(
            self.link,
            is_locked=form.cleaned_data["is_locked"],
            passphrase=form.cleaned_data["passphrase"],
            weekly=form.weekly(),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("personal_link:link")


class ResetView(FormView):
    """Another address; the one before leads nowhere from then on."""

    template_name = "live/link_reset.html"
    form_class = ResetForm
    edits = False
    success_message = gettext_lazy("This is your new address. The one before leads nowhere any more.")

    def load(self) -> None:
        self.link = own_link(self.user)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        prefix = absolute_url("/join/")
        return {
            **super().get_context_data(form),
            "link": self.link,
            "prefix": prefix.partition("//")[2],
            "back": self.get_success_url(),
        }

    def perform(self, form: ResetForm) -> PersonalLink:
        return actions.reset_link(self.link, wanted=form.cleaned_data["wanted"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("personal_link:link")


def get_guest(user: Any, pk: UUID) -> LinkGuest:
    """A guest by link, for a host of it."""
    guest = LinkGuest.objects.select_related("link__staff__user", "client").filter(pk=pk, user=None).first()
    if guest is None or not can_host(user, guest.link):
        raise NotFound(f"guest {pk}")
    return guest


class GuestActionView(ActionView):
    """Something done with one guest, from the list of calls."""

    def load(self, pk: UUID) -> None:
        self.guest = get_guest(self.user, pk)

    def get_success_url(self) -> str:
        if self.user.staff and self.user.staff.pk == self.guest.link.staff_id:
            return reverse("personal_link:link")
        return reverse("live:room", args=[self.guest.link_id])


class BlockView(GuestActionView):
    """Out, and not in again."""

    success_message: ClassVar[Any] = gettext_lazy("Blocked. They are out, and cannot knock again.")

    def perform(self) -> LinkGuest:
        return actions.block_guest(self.guest, by=self.user, now=clock.now())


class UnblockView(GuestActionView):
    """May come again."""

    success_message: ClassVar[Any] = gettext_lazy("They can knock again.")

    def perform(self) -> LinkGuest:
        return actions.unblock_guest(self.guest, by=self.user, now=clock.now())


class ProspectView(GuestActionView):
    """Somebody new: a prospect is made of the call."""

    def perform(self) -> LinkGuest:
        return actions.note_new_prospect(self.guest, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("Noted on the page of %(name)s.") % {"name": self.result.client.name}

    def get_success_url(self) -> str:
        client = self.result.client if self.result else self.guest.client
        return reverse("people:client", args=[client.pk]) if client else super().get_success_url()


class CallView(FormView):
    """Whose call it was: noted with the client or prospect."""

    template_name = "live/link_call.html"
    edits = True

    def load(self, pk: UUID) -> None:
        self.guest = get_guest(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.guest]

    def get_form(self, *posted: Any) -> CallForm:
        return CallForm(*posted, user=self.user, guest=self.guest)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "guest": self.guest,
            "call": call_rows([self.guest])[0],
            "back": self.get_success_url(),
            "may_add": self.guest.client is None and self.user.may(Permission.MANAGE_CLIENTS),
        }

    def perform(self, form: CallForm) -> LinkGuest:
        return actions.note_call(self.guest, client=form.cleaned_data["client"], by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        client = self.result.client if self.result else None
        return _("Noted on the page of %(name)s.") % {"name": client.name} if client else _("Taken away again.")

    def get_success_url(self) -> str:
        return reverse("personal_link:link")
