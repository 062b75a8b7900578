"""Pages of a live session. The session itself is spoken over the room's socket; see docs/live-rooms.md."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from branding.queries import branch_in_force
from branding.speaking import speak
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import SentFormModel
from core.kernel.translation import translate
from core.notifications.texts import text_in_force
from core.scheduling.models import Appointment
from portal import time_zones
from portal.access import SignedInView
from portal.live import presenters
from portal.live.work_tabs import let_videos
from portal.once import OnceMixin
from portal.person_choices import key_of
from sessions_live import actions, messages, notifications
from sessions_live.models import Admission, ChatMessage, Room
from sessions_live.permissions import (
    RoomRole,
    get_guest_admission,
    get_hosted_link,
    get_room,
    get_room_appointment,
    get_room_as_host,
    opening_of,
)
from sessions_live.personal_links.actions import block_guest
from sessions_live.queries import doorbells_of, waiting_room_messages


class RoomPageView(SignedInView):
    """A page of somebody's room, which they meet as the branch where they meet, by whatever host they have come."""

    def find(self, pk: UUID) -> tuple[Appointment, RoomRole]:
        """The appointment, and who they are in it; the branch is in force for the rest of the request."""
        found = get_room_appointment(self.user, pk)
        speak(found[0], str(self.user.pk))
        return found


class RoomView(RoomPageView):
    """Device check, waiting room and session on one page, so that camera and microphone are asked for once."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        now = clock.now()
        try:
            appointment, role = self.find(pk)
        except NotFound:
            return self.personal_room(pk)
        opening = opening_of(appointment, now=now)
        context = presenters.room_page(self.user, appointment, role, opening, now, zone=time_zones.zone_of(request))
        if opening.code not in ("open", "too_early"):
            reason = actions.CLOSED[opening.code]
            return render(request, "live/closed.html", context | {"reason": reason}, status=409)
        if opening.is_open:
            room = context["room"] = actions.open_room(appointment, now=now)
            context["work_tabs"] = presenters.work_tabs_of(request, room, is_host=role is RoomRole.HOST)
        return let_videos(render(request, "live/room.html", context), context, request)

    def personal_room(self, pk: UUID) -> HttpResponse:
        """For its hosts; whoever comes by the link has a page of their own (`portal.live.join`)."""
        link = get_hosted_link(self.user, pk)
        speak(link.staff, str(self.user.pk))
        room = actions.open_personal_room(link, now=clock.now())
        context = presenters.personal_room_page(link, room, is_host=True, zone=time_zones.zone_of(self.request))
        context["work_tabs"] = presenters.work_tabs_of(self.request, room, is_host=True)
        return let_videos(render(self.request, "live/room.html", context), context, self.request)


class EndedView(RoomPageView):
    """After the session: thanks, and the ways on."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        now, zone = clock.now(), time_zones.zone_of(request)
        try:
            appointment, role = self.find(pk)
        except NotFound:
            link = get_hosted_link(self.user, pk)
            room = actions.open_personal_room(link, now=now)
            context = presenters.personal_room_page(link, room, is_host=True, zone=zone)
        else:
            context = presenters.room_page(
                self.user, appointment, role, opening_of(appointment, now=now), now, zone=zone
            )
        context["has_left"] = "left" in request.GET
        return render(request, "live/ended.html", context)


class WaitingView(SignedInView):
    """Who waits for this person now: for the pop-up of a page that has just been opened (NOT-06)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = text_in_force(messages.WAITING, get_language() or "en", branch_in_force())
        waiting = [
            notifications.waiting_notice(one.room, one, host=self.user, text=text) for one in doorbells_of(self.user)
        ]
        return JsonResponse({"waiting": waiting})


class HostActionView(SignedInView):
    """What a host's script asks for from any page, in JSON: what was done, or 409 with the code and the sentence of a refusal."""

    def post(self, request: HttpRequest, **ids: UUID) -> HttpResponse:
        try:
            return self.perform(**ids)
        except DomainError as error:
            return JsonResponse({"code": error.code, "message": error.message}, status=409)

    def perform(self, **ids: UUID) -> HttpResponse:
        """Call the action on what the door gives for these ids. May raise a `DomainError`."""
        raise NotImplementedError

    @property
    def decision(self) -> str:
        """What the host has decided: `admit` or `deny`."""
        return self.request.POST.get("decision", "")

    def not_understood(self) -> HttpResponse:
        return JsonResponse({"message": translate("Say admit or deny.")}, status=422)


class AdmissionView(HostActionView):
    """One waiting person: how it stands, and a host's decision."""

    def get(self, request: HttpRequest, pk: UUID, admission: UUID) -> HttpResponse:
        asked = get_guest_admission(self.user, pk, admission)
        return JsonResponse({"name": asked.shown_name, "state": asked.state})

    def perform(self, pk: UUID, admission: UUID) -> HttpResponse:
        room = get_room_as_host(self.user, pk)
        if self.decision == "block":
            return self.block(room, admission)
        decide = {"admit": self.admit, "deny": actions.deny}.get(self.decision)
        if decide is None:
            return self.not_understood()
        decided = decide(room, admission, by=self.user, now=clock.now())
        return JsonResponse({"state": decided.state, "path": notifications.room_path(room)})

    def admit(self, room: Room, admission: UUID, **how: Any) -> Admission:
        """Into this room, or into another one of this host's (`into`: the id of the room that they are in)."""
        into = key_of(self.request.POST.get("into", ""))
        if into is None or into == room.pk:
            return actions.admit(room, admission, **how)
        return actions.admit_into(room, admission, into=get_room(self.user, into, host=True)[0], **how)

    def block(self, room: Room, admission: UUID) -> HttpResponse:
        """A guest by link is out, and does not come again."""
        asked = get_guest_admission(self.user, room.address_id, admission)
        if asked.guest is None:
            raise DomainError("not_by_link", translate("Only a guest by link can be blocked."))
        block_guest(asked.guest, by=self.user, now=clock.now())
        return JsonResponse({"state": "blocked"})


class AdmissionsView(HostActionView):
    """Everybody who waits, at once. A message when there is no room for all; who fits is in."""

    def perform(self, pk: UUID) -> HttpResponse:
        room = get_room_as_host(self.user, pk)
        if self.decision != "admit":
            return self.not_understood()
        if actions.admit_all(room, by=self.user, now=clock.now()):
            return JsonResponse({"message": actions.room_full(room).message})
        return JsonResponse({"path": notifications.room_path(room)})


class WaitingRoomMessagesView(OnceMixin, HostActionView):
    """What a host and one waiting person write to each other before admission (LIV-03)."""

    def get(self, request: HttpRequest, pk: UUID, admission: UUID) -> HttpResponse:
        waiting = get_guest_admission(self.user, pk, admission)
        messages = waiting_room_messages(waiting.room, waiting.person_id)
        return JsonResponse({"messages": [self._shown(one) for one in messages]})

    def post(self, request: HttpRequest, **ids: UUID) -> HttpResponse:
        return self.once(partial(super().post, request, **ids))

    def sent_before(self, earlier: SentFormModel) -> HttpResponse:
        said = {"name": self.user.name, "text": self.request.POST.get("text", ""), "mine": True}
        return JsonResponse(said, status=201)

    def perform(self, pk: UUID, admission: UUID) -> HttpResponse:
        waiting = get_guest_admission(self.user, pk, admission)
        if waiting.state != Admission.State.WAITING:
            raise DomainError("not_waiting", translate("This person is not waiting any more."))
        text = self.request.POST.get("text", "")
        with transaction.atomic():
            message = actions.post_message(
                waiting.room, text, by=self.user, waiting_person=waiting.person, now=clock.now()
            )
            self.note_sent(self.request.path)
        return JsonResponse(self._shown(message), status=201)

    def _shown(self, message: ChatMessage) -> dict[str, Any]:
        return {"name": message.shown_name, "text": message.text, "mine": message.sender_id == self.user.pk}
