"""Where the website is written: its pages, one of them with its sections, what it is called, and how it will look."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from branding.queries import active_branches
from core.kernel import clock
from core.kernel.errors import NotFound
from core.pages import actions, queries
from core.pages.addresses import path_of_page
from core.pages.models import HomePage
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import FormView
from portal.pages import presenters, starts
from portal.pages.base import WebsiteMixin, WebsiteView, languages
from portal.pages.forms import FrontPageForm, NewPageForm, PageForm
from tenants.absolute_urls import absolute_url

MOST_VERSIONS = 20


class PageListView(SignedInView):
    """Every page of the website, as a tree, with what readers see of it."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        fronts = queries.front_pages()
        rows = [presenters.page_row(row, fronts.get(row.page.pk, [])) for row in queries.site_pages()]
        return render(request, "pages/website.html", {"rows": rows})


class NewPageView(FormView):
    """A new page, as a draft; it starts empty or with the sections of a usual page."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "pages/page_new.html"
    edits = False
    success_message = gettext_lazy("The page is a draft. Readers see it once you publish it.")

    def get_form(self, *posted: Any) -> NewPageForm:
        return NewPageForm(*posted, parents=queries.parents(), initial={"below": self.request.GET.get("below", "")})

    def perform(self, form: NewPageForm) -> Any:
        values = form.cleaned_data
        parent = queries.get_page(int(values["below"]))
        return actions.add_page(
            parent=parent, title=values["title"], slug=values["slug"], language=languages()[0], by=self.user,
            sections=starts.sections_of(values["start"], values["title"]),
        )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("website:page", args=[self.result.pk])


class PageView(WebsiteView):
    """One page: its sections in one language, its state, its versions."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        draft = queries.draft_of(self.page)
        written, text = queries.languages_of(draft), queries.text_to_write(draft, self.language)
        date = queries.goes_live_at(self.page)
        state = queries.state_of(self.page, date)
        context = {
            "page": self.page,
            "title": text.title,
            "languages": self.language_choices(written) if len(languages()) > 1 else [],
            "is_translated": self.language in written or not written,
            "main_language": dict(settings.LANGUAGES)[languages()[0]],
            "sections": presenters.section_rows(self, text.parts),
            "kinds": presenters.kinds_to_add(self),
            "state": presenters.state_badge(state),
            "date": date,
            "is_home": isinstance(self.page, HomePage),
            "is_live": self.page.live,
            "branches": bool(active_branches()),
            "front_of": queries.front_pages().get(self.page.pk, []),
            "seen": queries.mark_of(self.page.latest_revision),
            "waits": state != queries.PageState.LIVE,
            **self._link(),
            "path": path_of_page(self.page.url_path),
            "versions": presenters.version_rows(self, self.page, MOST_VERSIONS),
            "urls": {name: self.address(name) for name in PAGE_ADDRESSES},
        }
        return render(request, "pages/page_editor.html", context)

    def _link(self) -> dict[str, Any]:
        """Where somebody without an account sees the draft, and until when."""
        link = queries.draft_link(self.page, now=clock.now())
        several = f"?{urlencode({'language': self.language})}" if len(languages()) > 1 else ""
        return {
            "draft_link": absolute_url(reverse("public_draft", args=[link.key])) + several if link else "",
            "draft_until": link.until if link else None,
        }


PAGE_ADDRESSES = (
    "page_details", "page_front", "page_preview", "page_link", "page_link_end", "page_publication", "page_date", "page_date_end",
    "page_withdrawal", "page_removal",
)  # fmt: skip


class PageDetailsView(WebsiteMixin, FormView):
    """What a page is called, in one language, and its address."""

    template_name = "pages/page_details.html"
    edits = True
    success_message = gettext_lazy("Saved as a draft.")

    def get_form(self, *posted: Any) -> PageForm:
        return PageForm(*posted, initial=self.get_initial(), is_home=isinstance(self.page, HomePage))

    def get_initial(self) -> dict[str, Any]:
        draft = queries.draft_of(self.page)
        text = queries.text_to_write(draft, self.language)
        return {
            "title": text.title, "description": text.description, "slug": draft.slug, "show_in_menus": draft.show_in_menus
        }  # fmt: skip

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        language = dict(settings.LANGUAGES)[self.language] if len(languages()) > 1 else ""
        return {
            **super().get_context_data(form),
            "page": self.page,
            "back": self.get_success_url(),
            "language": language,
        }

    def perform(self, form: PageForm) -> None:
        actions.change_page(page=self.page, language=self.language, by=self.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.address("page")


class FrontPageView(WebsiteMixin, FormView):
    """The branches whose visitors find this page first."""

    template_name = "pages/page_front.html"
    edits = True
    form_class = FrontPageForm
    success_message = gettext_lazy("Saved.")

    def load(self, pk: int, **_more: Any) -> None:
        super().load(pk)
        if isinstance(self.page, HomePage) or not active_branches():
            raise NotFound("branches")

    def get_initial(self) -> dict[str, Any]:
        return {"branches": [branch.pk for branch in queries.front_pages().get(self.page.pk, [])]}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "page": self.page, "back": self.get_success_url()}

    def perform(self, form: FrontPageForm) -> None:
        actions.set_branches_of_front_page(page=self.page, branches=form.cleaned_data["branches"], by=self.user)

    def get_success_url(self) -> str:
        return self.address("page")


class PagePreviewView(WebsiteView):
    """The newest draft as readers will see it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        with translation.override(self.language):
            return presenters.render_page(request, queries.draft_of(self.page), is_preview=True)
