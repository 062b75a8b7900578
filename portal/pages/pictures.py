"""Pictures that were uploaded for the website: where each is shown, and taking away those that nothing shows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.kernel import clock
from core.kernel.errors import NotFound
from core.pages import actions, queries
from core.pages.models import SitePicture
from core.pages.picture_uses import shown_elsewhere
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView

PER_PAGE = 24
FRESH = timedelta(hours=1)  # in which somebody may be about to put it on a page


class PictureListView(SignedInView):
    """The newest first, each with the pages that show it."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        pages, elsewhere = queries.pages_of_pictures(), shown_elsewhere()
        only = request.GET.get("state") == "unused"
        found = SitePicture.objects.order_by("-created_at", "pk")
        unused = found.exclude(pk__in=[*pages, *elsewhere])
        page = Paginator(unused if only else found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "query": "state=unused" if only else "",
            "only": only,
            "rows": [_row(picture, pages, elsewhere) for picture in page],
            "unused": unused.filter(created_at__lt=clock.now() - FRESH).count(),
            "tabs": [
                {"label": _("All"), "url": "?", "current": not only},
                {"label": _("Not shown anywhere"), "url": "?state=unused", "current": only},
            ],
        }
        return render(request, "pages/pictures.html", context)


def _row(picture: SitePicture, pages: dict[str, list[str]], elsewhere: set[str]) -> dict[str, Any]:
    shown = [*pages.get(str(picture.pk), ()), *([_("Public card")] if str(picture.pk) in elsewhere else [])]
    return {"picture": picture, "shown": ", ".join(shown)}


class PicturesActionView(ActionView):
    """A button of the pictures."""

    needs = Permission.MANAGE_ORGANIZATION

    def get_success_url(self) -> str:
        return reverse("website:pictures")


class PictureRemovalView(PicturesActionView):
    """Delete one that nothing shows."""

    success_message = gettext_lazy("The picture is deleted.")

    def load(self, pk: UUID) -> None:
        if not SitePicture.objects.filter(pk=pk).exists():
            raise NotFound(f"picture {pk}")
        self.pk = str(pk)

    def perform(self) -> bool:
        return actions.remove_picture(pk=self.pk, by=self.user)


class UnusedRemovalView(PicturesActionView):
    """Delete all of them."""

    def perform(self) -> int:
        return actions.remove_unused_pictures(before=clock.now() - FRESH, by=self.user)

    def get_success_message(self) -> str:
        number = self.result
        return ngettext("%(number)d picture is deleted.", "%(number)d pictures are deleted.", number) % {
            "number": number
        }
