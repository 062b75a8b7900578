"""The pages of who comes by a personal link: who they are, then device check, waiting room and session, as everybody else has them.

Whether there never was such an address, it was reset, is locked, or this browser is blocked: the answer is the same, and so are the limits.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views import View

from branding.queries import current_brand
from branding.speaking import speak
from core.kernel import clock, limits
from core.kernel.errors import DomainError, NotFound
from core.kernel.limits import Limit, TooOften
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.forms import add_refusal
from portal.live import presenters
from portal.live.link_forms import GuestForm
from portal.live.work_tabs import let_videos
from portal.middleware import network_of
from sessions_live import actions as live
from sessions_live.models import LiveSettings, Room
from sessions_live.permissions import can_host, is_closed_for_good
from sessions_live.personal_links import actions
from sessions_live.personal_links.models import LinkGuest, PersonalLink
from sessions_live.personal_links.permissions import is_here
from sessions_live.personal_links.queries import link_at, link_once_at, opening_of_link, visit_of
from sessions_live.personal_links.sessions import forget, guest_at, remember

SALT = "portal.live.join"
_MINUTE = timedelta(minutes=1)
MISSES = Limit("join.misses", 20, 10 * _MINUTE)  # addresses that lead nowhere, from one network
PASSPHRASES = Limit("join.passphrases", 8, 10 * _MINUTE)  # wrong ones at one link, from one network
PASSPHRASES_OF_LINK = Limit("join.passphrases.link", 100, 60 * _MINUTE)  # wrong ones at one link
COMERS = Limit("join.comers", 60, 10 * _MINUTE)  # guests of one network: a class may share one


class LinkPage(View):
    """A page of one link, in the branch of whose it is. 404 where it leads nowhere; 429 to whoever tries addresses.

    `guest`: who this browser is there, if it has come by this very address: the login that is signed in, else the guest.
    """

    link: PersonalLink
    guest: LinkGuest | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = self.find(kwargs["slug"])
        except TooOften as refusal:
            return self.too_often(refusal)
        speak(self.link.staff, str(self.link.staff.user_id))
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    def find(self, slug: str) -> PersonalLink:
        """Counted before anything is looked up, so that whoever has tried too often learns of no address, of none that is right either."""
        counted = limits.count([(MISSES, network_of(self.request))], now=clock.now())
        link = link_at(slug)
        is_of_today = link is not None
        link = link or link_once_at(slug)
        self.guest = self.who_came(link, slug) if link is not None else None
        if link is None or not self.opens(link, is_of_today=is_of_today):
            raise NotFound("personal link")
        limits.give_back(counted, now=clock.now())
        return link

    def who_came(self, link: PersonalLink, slug: str) -> LinkGuest | None:
        if self.request.user.is_authenticated:
            return visit_of(link, slug, self.request.user)
        return guest_at(self.request.session, link, slug)

    def opens(self, link: PersonalLink, *, is_of_today: bool) -> bool:
        """Whether this browser may see anything of it: it takes people, or this one is here already, by whatever address."""
        if not LiveSettings.current().links_allowed or (self.guest is not None and self.guest.blocked_at is not None):
            return False
        if is_of_today and (opening_of_link(link, now=clock.now()).code != "nowhere" or self.is_host(link)):
            return True
        return self.guest is not None and is_here(self.guest)

    def is_host(self, link: PersonalLink) -> bool:
        return self.request.user.is_authenticated and can_host(self.request.user, link)

    def too_often(self, refusal: TooOften) -> HttpResponse:
        """How long to wait, and nothing else."""
        response = render(self.request, "live/join_too_often.html", {"sentence": refusal.message}, status=429)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response

    def zone(self) -> str:
        if self.request.user.is_authenticated:
            return time_zones.zone_of(self.request)
        name = self.request.COOKIES.get(time_zones.COOKIE, "")
        return name if wall_time.is_zone(name) else current_brand().time_zone


class JoinView(LinkPage):
    """Who are you? Then the room."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.is_host(self.link):
            return redirect("live:room", pk=self.link.pk)
        return self.room(self.guest) if self.guest is not None else self.asked(self.form())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One guest for each browser, whatever is sent again."""
        here = reverse("join:link", args=[slug])
        if self.is_host(self.link) or self.guest is not None:
            return redirect(here)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.asked(form, 422)
        try:
            self.come(form)
        except TooOften as refusal:
            add_refusal(form, refusal)
            response = self.asked(form, 429)
            response.headers["Retry-After"] = str(refusal.seconds)
            return response
        except DomainError as refusal:
            if refusal.code == "link_nowhere":
                raise NotFound("personal link") from refusal
            add_refusal(form, refusal)
            return self.asked(form, 422)
        return redirect(here)

    def form(self, *posted: Any) -> GuestForm:
        signed_in = self.request.user.is_authenticated
        return GuestForm(*posted, has_passphrase=self.link.has_passphrase, is_signed_in=signed_in)

    def come(self, form: GuestForm) -> None:
        """Counted first; what was right is given back, so that only wrong passphrases fill the limit."""
        request, now, network = self.request, clock.now(), network_of(self.request)
        passphrase = form.cleaned_data.get("passphrase", "")
        counted = []
        if self.link.has_passphrase:
            tries = [(PASSPHRASES, f"{self.link.pk} {network}"), (PASSPHRASES_OF_LINK, str(self.link.pk))]
            counted = limits.count(tries, now=now)
            actions.check_passphrase(self.link, passphrase)
            limits.give_back(counted, now=now)
        if request.user.is_authenticated:
            actions.come_signed_in(self.link, passphrase=passphrase, by=request.user, now=now)
            return
        limits.count([(COMERS, network)], now=now)
        guest = actions.come_by_link(
            self.link,
            name=form.cleaned_data["name"],
            passphrase=passphrase,
            language=get_language() or "en",
            network=salted_hmac(SALT, network, algorithm="sha256").hexdigest(),
            now=now,
        )
        remember(request.session, guest)

    def asked(self, form: GuestForm, status: int = 200) -> HttpResponse:
        """The question; or when the link opens, outside of its hours."""
        opening = opening_of_link(self.link, now=clock.now())
        context = {
            "form": form,
            "link": self.link,
            "host_name": "" if self.link.has_passphrase else self.link.host_name,
            "opening": opening,
            "zone": self.zone(),
        }
        return render(self.request, "live/join.html", context, status=status if opening.is_open else 409)

    def room(self, guest: LinkGuest) -> HttpResponse:
        """The personal room; or the one into which a host has let them, as long as it is open."""
        now = clock.now()
        room: Room = live.open_personal_room(self.link, now=now)
        if guest.into is not None and not is_closed_for_good(guest.into, now=now):
            room = guest.into
        context = presenters.personal_room_page(self.link, room, is_host=False, zone=self.zone())
        here: dict[str, Any] = {
            "ended_url": reverse("join:ended", args=[guest.slug]),
            "guest_name": guest.name if guest.user_id is None else "",
            "leave_url": reverse("join:leave", args=[guest.slug]),
        }
        here["work_tabs"] = presenters.work_tabs_of(self.request, room, is_host=False)
        return let_videos(render(self.request, "live/room.html", context | here), here, self.request)


class EndedView(LinkPage):
    """After it: thanks, and the ways on. It names the host to those who came, also when the link has been locked or reset meanwhile."""

    def who_came(self, link: PersonalLink, slug: str) -> LinkGuest | None:
        """Also whoever came without their login, and has signed in since."""
        return super().who_came(link, slug) or guest_at(self.request.session, link, slug)

    def opens(self, link: PersonalLink, *, is_of_today: bool) -> bool:
        return self.guest is not None and self.guest.blocked_at is None

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        takes_people = self.link.slug == slug.lower() and (
            opening_of_link(self.link, now=clock.now()).code != "nowhere"
        )
        again_url = reverse("join:link", args=[slug]) if takes_people else ""
        context = {"link": self.link, "has_left": "left" in request.GET, "again_url": again_url}
        return render(request, "live/join_ended.html", context)


class ForgetView(LinkPage):
    """This browser is somebody else, who gives another name."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return redirect("join:link", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.guest is not None and not self.guest.admissions.filter(state="denied").exists():
            forget(request.session, self.link)
        return redirect("join:link", slug=slug)
