"""The pages of who is invited to one appointment without an account: device check, waiting room and session, as everybody else has them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views import View

from branding.queries import offered_language
from branding.speaking import speak
from core.kernel import clock
from core.kernel.translation import translate
from portal.live import presenters
from portal.live.work_tabs import let_videos
from sessions_live.actions import CLOSED
from sessions_live.invitations.actions import OVER, come_invited
from sessions_live.invitations.permissions import open_invitation
from sessions_live.permissions import opening_of, room_role_of
from sessions_live.personal_links.sessions import remember


class InvitedPage(View):
    """A page of one invitation, in the branch of whose appointment it is, and the guest's language. 404 for a forged link."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.invitation = open_invitation(kwargs["token"])
        self.appointment = self.invitation.appointment
        speak(self.appointment, "")
        with translation.override(offered_language(self.invitation.guest.language)):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response


class InvitedView(InvitedPage):
    """The room; before it opens the device check, and why not where nobody can come."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        now, invitation, appointment = clock.now(), self.invitation, self.appointment
        if request.user.is_authenticated:
            return self.signed_in()
        opening = opening_of(appointment, now=now)
        if not invitation.is_good or opening.code not in ("open", "too_early"):
            return self.closed(OVER if not invitation.is_good else CLOSED[opening.code])
        context = presenters.invited_page(appointment, opening, now)
        context |= {"guest_name": invitation.guest.name, "ended_url": reverse("invited:ended", args=[token])}
        if opening.is_open:
            room = context["room"] = come_invited(invitation, now=now)
            context["work_tabs"] = presenters.work_tabs_of(request, room, is_host=False)
            remember(request.session, invitation.guest)
        return let_videos(render(request, "live/room.html", context), context, request)

    def signed_in(self) -> HttpResponse:
        """Whoever takes part by their own right goes there; somebody else's login is not the guest."""
        if room_role_of(self.request.user, self.appointment) is not None:
            return redirect("live:room", pk=self.appointment.pk)
        sentence = translate(
            "This invitation is for %(guest)s, who has no account. You are signed in as somebody else: sign out first, or open it in a "
            "private window.",
            guest=self.invitation.guest.name,
        )
        return self.closed(sentence)

    def closed(self, sentence: str) -> HttpResponse:
        context = {"reason": translate(sentence), "host_name": self.appointment.practitioner.user.get_short_name()}
        return render(self.request, "live/invited_closed.html", context, status=409)


class InvitedEndedView(InvitedPage):
    """After it: thanks, and the way back in as long as there is one."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        is_open = self.invitation.is_good and opening_of(self.appointment, now=clock.now()).is_open
        context = {
            "link": {"host_name": self.appointment.practitioner.user.get_short_name()},
            "has_left": "left" in request.GET,
            "again_url": reverse("invited:link", args=[token]) if is_open else "",
        }
        return render(request, "live/join_ended.html", context)
