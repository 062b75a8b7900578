"""What the pages that write the website have in common: who may, which page, and in which language it is written."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from branding.queries import current_brand
from core.pages import queries
from core.people.roles import Permission
from portal.access import SignedInView


def languages() -> list[str]:
    """Those of the organization, its first one first."""
    return current_brand().languages or ["en"]


class WebsiteMixin:
    """For whoever runs the organization. `load` fetches the page; the language stands in the address."""

    needs = Permission.MANAGE_ORGANIZATION
    request: HttpRequest
    page: Any

    def load(self, pk: int, **_more: Any) -> None:
        self.page = queries.get_page(pk)

    @property
    def language(self) -> str:
        """The language that is written at the moment."""
        wanted = self.request.GET.get("language", "")
        return wanted if wanted in languages() else languages()[0]

    def address(self, name: str, *args: Any) -> str:
        """Of another page about the same page, in the same language."""
        path = reverse(f"website:{name}", args=[self.page.pk, *args])
        return f"{path}?{urlencode({'language': self.language})}" if len(languages()) > 1 else path

    def get_edited(self) -> list[Any]:
        return [self.page]

    def get_version_address(self) -> str:
        return self.request.get_full_path()

    def language_choices(self, written: set[str]) -> list[dict[str, Any]]:
        """The languages of the organization as a choice; those in which nothing is written yet say so."""
        names = dict(settings.LANGUAGES)
        return [
            {
                "label": names[code] if code in written else f"{names[code]} +",
                "url": f"?{urlencode({'language': code})}",
                "current": code == self.language,
            }
            for code in languages()
            if code in names
        ]


class WebsiteView(WebsiteMixin, SignedInView):
    """A page that only shows."""
