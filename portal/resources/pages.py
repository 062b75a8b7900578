"""The pages of a PDF: put in another order, removed, and others added behind them."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from core.files.rules.file_types import Kind
from core.kernel import clock
from core.kernel.errors import ConflictError, NotFound
from core.kernel.translation import gettext_noop, translate
from core.resources import actions
from core.resources.models import Resource
from core.resources.permissions import CHANGE, get_resource
from core.resources.rules.page_order import BadOrder, page_order, written
from portal.files.fields import FilesField, files_body_limit
from portal.resources.forms import OneResourceFormView
from tenants.bodies import SIGNED_IN_BYTES

_REFUSALS = {
    "unreadable": gettext_noop("Write the pages as numbers, like 1-4, 8, 6."),
    "no_such_page": gettext_noop("There is no page %(page)s."),
    "page_twice": gettext_noop("Page %(page)s stands there twice."),
    "no_pages": gettext_noop("At least one page stays."),
}


class PagesForm(forms.Form):
    """The order, and more pages."""

    order = forms.CharField(
        label=gettext_lazy("Pages in their order"), required=False, max_length=4000,
        help_text=gettext_lazy("Like 1-4, 8, 6. What is left out is removed."),
    )  # fmt: skip
    more = FilesField(
        actions.FRESH_COPY, kinds=[Kind.PDF], required=False, label=gettext_lazy("Pages of another PDF"),
        help_text=gettext_lazy("They come behind the others."),
    )  # fmt: skip

    file = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *posted: Any, pages: int, **more: Any) -> None:
        super().__init__(*posted, **more)
        self.pages = pages

    def clean_order(self) -> list[int]:
        try:
            return page_order(self.cleaned_data["order"], self.pages)
        except BadOrder as bad:
            raise forms.ValidationError(translate(_REFUSALS[bad.code], page=bad.page)) from bad


class PagesView(OneResourceFormView):
    """The form; its script shows the pages themselves."""

    form_class = PagesForm
    template_name = "resources/pages.html"
    edits = True
    page_title = gettext_lazy("Pages")
    submit = gettext_lazy("Save as a fresh copy")
    success_message = gettext_lazy("The fresh copy is in place. The file before stays among the versions.")
    body_limit = files_body_limit(SIGNED_IN_BYTES)

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk, to=CHANGE, kind=Resource.Kind.PDF)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return super().get(request, **kwargs) if self.pages else self.lead_to(self.get_back_url())

    @property
    def pages(self) -> int:
        """How many it has; 0 while nobody has counted them, and of a file that cannot be opened."""
        return (self.resource.file.pages if self.resource.file is not None else None) or 0

    def get_edited(self) -> list[Resource]:
        return [self.resource]

    def get_initial(self) -> dict[str, Any]:
        return {"order": written(list(range(1, self.pages + 1))), "file": self.resource.file_id}

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Of which copy the pages are, nobody may take over from somebody else: the numbers would be those of other pages."""
        values = super().get_version_values(form)
        copy = str(values.pop("file"))
        return {**values, "copy": copy, "order": list(range(1, self.pages + 1))}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = PagesForm(*posted, pages=self.pages, initial=self.get_initial())
        form.fields["more"].for_user(self.user)  # type: ignore[attr-defined]
        return form

    def perform(self, form: PagesForm) -> Resource:
        if not self.pages:
            raise NotFound(f"pages of {self.resource.pk}")
        order, more = form.cleaned_data["order"], form.cleaned_data["more"]
        if not more and order == list(range(1, self.pages + 1)):
            raise ConflictError("same_pages", translate("These are the pages as they are. Move one, or leave one out."))
        return actions.arrange_pages(
            resource=self.resource, order=order, seen=form.cleaned_data["file"], more=more[0] if more else None,
            by=self.user, now=clock.now(),
        )  # fmt: skip
