"""What a host shows to everybody: the list to choose from, and the bytes of what is open, for whoever is in that room now."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.files.rules.room import size_words
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import User
from core.records.models import ClientFile
from core.records.permissions import can_read_file
from core.resources.models import Resource
from core.resources.permissions import can_have_resources, can_see_resource, cards_with_files
from core.resources.queries import tags_of
from portal.access import SignedInView
from portal.files.answers import ASKED_AGAIN, file_answer, rendition_answer
from portal.files.card_files import card_file_answer
from portal.kind_icons import ICONS
from portal.work_tabs import RoomVisitor
from sessions_live.models import Room
from sessions_live.permissions import get_room_as_host
from sessions_live.personal_links.sessions import guest_for
from sessions_live.showings.models import SHOWN, Showing
from sessions_live.showings.permissions import client_with_files, get_showing
from sessions_live.showings.queries import files_to_show, resources_to_show, used_in

PER_PAGE = 20
NOBODY = UUID(int=0)


def facts_of_room(visitor: RoomVisitor) -> dict[str, Any]:
    """Where the tab's contents are: what is open by its id, and for hosts the list."""
    before, _nil, _after = reverse("live:showing_file", args=[NOBODY]).partition(str(NOBODY))
    facts = {"showings": before}
    if visitor.is_host and visitor.user is not None and can_have_resources(visitor.user):
        facts["choice"] = reverse("live:choice", args=[visitor.room.address_id])
    return facts


class ShowingView(View):
    """Something of what is open. 404 for everybody who is not in its room now, whether they have a login or not."""

    def showing(self, pk: UUID) -> Showing:
        return get_showing(self._person(pk), pk, now=clock.now())

    def _person(self, pk: UUID) -> Any:
        if self.request.user.is_authenticated:
            return self.request.user
        room = Room.objects.filter(showings=pk).first()
        guest = guest_for(self.request.session, room.pk) if room is not None else None
        if guest is None:
            raise NotFound(f"showing {pk}")
        return guest


class ShowingFileView(ShowingView):
    """Its file, as it came."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        file = self.showing(pk).file
        if file is None:
            raise NotFound(f"file of showing {pk}")
        return file_answer(request, file)


class ShowingPictureView(ShowingView):
    """The picture of it that the product has made, without place and camera."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        file = self.showing(pk).file
        found = file.rendition("large") if file is not None else None
        if found is None:
            raise NotFound(f"picture of showing {pk}")
        return rendition_answer(request, found, cache=ASKED_AGAIN)


class ShowingCardView(ShowingView):
    """A picture or a sound on a card of the set that is open."""

    def get(self, request: HttpRequest, pk: UUID, card: UUID, side: str, part: str) -> HttpResponseBase:
        resource = self.showing(pk).resource
        found = cards_with_files(resource).filter(pk=card).first() if resource is not None else None
        if found is None:
            raise NotFound(f"card {card} of showing {pk}")
        return card_file_answer(request, found, side, part)


class ChoiceView(SignedInView):
    """What a host can show, as a part of the room's page: the own list, the client's files, what was used before in this session."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        room = get_room_as_host(self.user, pk)
        if not can_have_resources(self.user):
            raise NotFound(f"resources in {pk}")
        client = client_with_files(self.user, room)
        wanted, source = self._wanted(), request.GET.get("from", "")
        context: dict[str, Any] = {"client": client, "used": [_used_row(each) for each in used_in(room, self.user)]}
        if source == "files" and client is not None:
            page = self._page(files_to_show(client, self.user).prefetch_related("file__renditions"))
            context |= {"source": "files", "page": page, "rows": [_file_row(each) for each in page]}
        else:
            staff = self.user.staff
            found = resources_to_show(staff, **wanted).prefetch_related("resource__file__renditions")
            page = self._page(found)
            rows = [_resource_row(each.resource) for each in page]
            kinds = [choice for choice in Resource.Kind.choices if choice[0] in SHOWN]
            context |= {"source": "list", "page": page, "rows": rows, "kinds": kinds, "tags": tags_of(staff)}
        return render(request, "live/_choice.html", {**context, "wanted": wanted, "is_searching": any(wanted.values())})

    def _wanted(self) -> dict[str, str]:
        asked = self.request.GET
        kind = asked.get("kind", "")
        return {
            "typed": asked.get("q", "").strip()[:80],
            "kind": kind if kind in SHOWN else "",
            "tag": asked.get("tag", "").strip()[:40],
        }

    def _page(self, found: Any) -> Any:
        return Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))


def _resource_row(resource: Resource) -> dict[str, Any]:
    small = resource.file.rendition("small") if resource.file is not None else None
    return {
        "name": "resource", "pk": resource.pk, "title": resource.title, "icon": ICONS[resource.kind],
        "picture": reverse("resources:picture", args=[resource.pk, "small"]) if small else "",
        "detail": " · ".join([str(resource.get_kind_display()), *resource.tags]),
    }  # fmt: skip


def _file_row(row: ClientFile) -> dict[str, Any]:
    file = row.file
    small = file.rendition("small")
    return {
        "name": "client_file", "pk": row.pk, "title": file.name, "icon": ICONS.get(file.kind.value, "file-text"),
        "picture": reverse("client_files:preview", args=[row.pk]) if small else "", "detail": size_words(file.size),
    }  # fmt: skip


def _used_row(showing: Showing) -> dict[str, Any]:
    """What is gone by now can be read of, and not shown again."""
    thing = showing.resource or showing.client_file
    return {
        "name": "resource" if showing.resource_id else "client_file",
        "pk": thing.pk if thing is not None else None,
        "title": showing.name or _("A file that is no longer there"),
        "icon": ICONS.get(showing.kind_now, "file-text"),
        "is_open": showing.closed_at is None,
    }


def used_rows(showings: list[Showing], user: User) -> list[dict[str, Any]]:
    """For the appointment's page: what it was, when it was opened first, and where it is, for whoever may open it there."""
    return [{**_used_row(each), "at": each.first_opened_at, "url": _address(each, user)} for each in showings]


def _address(showing: Showing, user: User) -> str:
    if showing.resource is not None and can_see_resource(user, showing.resource):
        return reverse("resources:resource", args=[showing.resource_id])
    if showing.client_file is not None and can_read_file(user, showing.client_file):
        return reverse("client_files:file", args=[showing.client_file_id])
    return ""
