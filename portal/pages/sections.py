"""Sections of a page: added, written, moved, taken away. Each is kept as a draft at once."""

from typing import Any

from django.forms import BaseForm
from django.http import Http404
from django.utils.translation import gettext_lazy

from branding.images import MOST_BYTES
from core.kernel.errors import NotFound
from core.pages import actions, queries
from core.pages.sections import KINDS
from portal.forms import FormView
from portal.pages.base import WebsiteMixin
from portal.pages.publication import PageActionView
from portal.pages.section_forms import SectionForm
from tenants.bodies import SIGNED_IN_BYTES


class SectionFormView(WebsiteMixin, FormView):
    """The form of one section, made of its kind's fields."""

    template_name = "pages/section_form.html"
    edits = False
    body_limit = 2 * MOST_BYTES + SIGNED_IN_BYTES  # as much again, so that the form says that a picture is too large
    success_message = gettext_lazy("Saved as a draft.")
    kind: str

    def get_form(self, *posted: Any) -> SectionForm:
        return SectionForm(*posted, kind=self.kind, value=self.get_value(), targets=queries.parents())

    def get_value(self) -> dict[str, Any]:
        """What the section says now."""
        return {}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        block = KINDS[self.kind]
        shown = {"kind": block, "label": block.label, "page": self.page, "back": self.get_success_url()}
        return {**super().get_context_data(form), **shown}

    def written(self, form: SectionForm) -> dict[str, Any]:
        """The value that was sent, with the picture that came with it kept."""
        return form.value(lambda upload: str(actions.keep_picture(upload=upload, by=self.user).pk))

    def get_success_url(self) -> str:
        return self.address("page")


class NewSectionView(SectionFormView):
    """A section at the end of the page."""

    def load(self, pk: int, **more: Any) -> None:
        super().load(pk)
        self.kind = more["kind"]
        if self.kind not in KINDS:
            raise Http404

    def perform(self, form: SectionForm) -> None:
        actions.add_section(
            page=self.page, language=self.language, kind=self.kind, value=self.written(form), by=self.user
        )


class OneSectionMixin(WebsiteMixin):
    """About one section of the draft."""

    section: str
    kind: str

    def load(self, pk: int, **more: Any) -> None:
        super().load(pk)
        self.section = str(more["section"])
        self.kind = self.get_part()["type"]

    def get_part(self) -> dict[str, Any]:
        """The section as it is now. NotFound when somebody has taken it away."""
        parts = queries.text_to_write(queries.draft_of(self.page), self.language).parts
        found = next((part for part in parts if part["id"] == self.section), None)
        if found is None:
            raise NotFound(f"section {self.section}")
        return found


class SectionView(OneSectionMixin, SectionFormView):
    """Write a section anew."""

    edits = True

    def get_value(self) -> dict[str, Any]:
        return dict(self.get_part()["value"])

    def perform(self, form: SectionForm) -> None:
        actions.change_section(
            page=self.page, language=self.language, section=self.section, value=self.written(form), by=self.user
        )


class SectionPlaceView(OneSectionMixin, PageActionView):
    """One place up or down."""

    def perform(self) -> None:
        up = self.request.POST.get("direction") == "up"
        actions.move_section(page=self.page, language=self.language, section=self.section, up=up, by=self.user)


class SectionRemovalView(OneSectionMixin, PageActionView):
    """Take it away."""

    success_message = gettext_lazy("The section is gone. Earlier versions still have it.")

    def perform(self) -> None:
        actions.remove_section(page=self.page, language=self.language, section=self.section, by=self.user)
