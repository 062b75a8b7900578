"""Bring files and links, say more about a resource, and put a fresh copy in its place."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from core.files.actions import sealed
from core.kernel import clock
from core.resources import actions, queries
from core.resources.models import LONGEST_DESCRIPTION, LONGEST_TAG, LONGEST_TITLE, MOST_TAGS, Resource
from core.resources.permissions import CHANGE, get_resource
from core.resources.rules.links import LONGEST
from portal.files.fields import FilesField, files_body_limit
from portal.forms import FormView
from portal.resources.manifest import KINDS
from portal.resources.views import StaffView
from tenants.bodies import SIGNED_IN_BYTES

MOST_AT_ONCE = 20
TEMPLATE = "resources/form.html"


class TagsField(forms.CharField):
    """Words with commas between them."""

    def __init__(self, **more: Any) -> None:
        helped = gettext_lazy("Words by which you find it again, with commas between them.")
        super().__init__(
            label=gettext_lazy("Tags"), required=False, help_text=helped, max_length=MOST_TAGS * LONGEST_TAG, **more
        )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [tag for part in str(super().clean(value)).split(",") if (tag := part.strip())]


class NewFilesForm(forms.Form):
    """Files, each of which becomes a resource."""

    files = FilesField(
        actions.PURPOSE, most=MOST_AT_ONCE, kinds=sorted(KINDS), label=gettext_lazy("Files"),
        help_text=gettext_lazy("PDF, Word, PowerPoint, Excel, OpenDocument, MusicXML, sound, video, pictures and text. Each becomes a resource."),
    )  # fmt: skip
    tags = TagsField()


class NewLinkForm(forms.Form):
    """A link."""

    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=LONGEST, widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Of a web page, or of a document of Google’s or a score of Flat’s. It opens in a tab of its own."),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    tags = TagsField()


class ChangeForm(forms.Form):
    """What is said about it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=LONGEST, widget=forms.URLInput())
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    tags = TagsField()


class ReplaceForm(forms.Form):
    """The fresh copy."""

    files = FilesField(actions.FRESH_COPY, kinds=sorted(KINDS), label=gettext_lazy("Fresh copy"))


class ResourceFormView(StaffView, FormView):
    """A form of this app."""

    page_title: ClassVar[Any] = ""
    submit: ClassVar[Any] = gettext_lazy("Save")

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = super().get_form(*posted)
        for field in form.fields.values():
            if isinstance(field, FilesField):
                field.for_user(self.user)
        return form

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "page_title": self.page_title,
            "submit": self.submit,
            "back_url": self.get_back_url(),
            "resource": getattr(self, "resource", None),
            "owning": queries.owning(self.user.staff),
        }

    def get_back_url(self) -> str:
        return reverse("resources:list")

    def get_success_url(self) -> str:
        return self.get_back_url()


class NewFilesView(ResourceFormView):
    """Bring files."""

    form_class = NewFilesForm
    template_name = TEMPLATE
    edits = False
    page_title = gettext_lazy("Add files")
    submit = gettext_lazy("Add to my resources")
    body_limit = files_body_limit(SIGNED_IN_BYTES)

    def perform(self, form: NewFilesForm) -> list[Resource]:
        tags, now = form.cleaned_data["tags"], clock.now()
        with sealed(form.cleaned_data["files"], purpose=actions.PURPOSE, by=self.user) as files:
            return [actions.add_file(given=each, tags=tags, by=self.user, now=now) for each in files]

    def get_success_message(self) -> str:
        number = len(self.result)
        return ngettext("%(number)s resource added.", "%(number)s resources added.", number) % {"number": number}


class NewLinkView(ResourceFormView):
    """Bring a link."""

    form_class = NewLinkForm
    template_name = TEMPLATE
    edits = False
    page_title = gettext_lazy("Add a link")
    submit = gettext_lazy("Add to my resources")
    success_message = gettext_lazy("The link is on your list.")

    def perform(self, form: NewLinkForm) -> Resource:
        return actions.add_link(by=self.user, now=clock.now(), **form.cleaned_data)


class OneResourceFormView(ResourceFormView):
    """A form about one's own resource."""

    resource: Resource

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk, to=CHANGE)

    def get_back_url(self) -> str:
        return reverse("resources:resource", args=[self.resource.pk])


class ChangeView(OneResourceFormView):
    """Title, description, tags; where a link leads."""

    form_class = ChangeForm
    template_name = TEMPLATE
    edits = True
    page_title = gettext_lazy("Change")
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Resource]:
        return [self.resource]

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.resource, name) for name in ("title", "address", "description", "tags")}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = super().get_form(*posted)
        if self.resource.kind != Resource.Kind.LINK:
            del form.fields["address"]
        return form

    def perform(self, form: ChangeForm) -> Resource:
        return actions.change_resource(resource=self.resource, by=self.user, now=clock.now(), **form.cleaned_data)


class ReplaceView(OneResourceFormView):
    """A fresh copy in place of the file."""

    form_class = ReplaceForm
    template_name = TEMPLATE
    edits = False
    page_title = gettext_lazy("Replace by a fresh copy")
    submit = gettext_lazy("Replace")
    success_message = gettext_lazy("The fresh copy is in place. The file before stays among the versions.")
    body_limit = files_body_limit(SIGNED_IN_BYTES)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return super().get(request, **kwargs) if self.resource.file_id else self.lead_to(self.get_back_url())

    def perform(self, form: ReplaceForm) -> Resource:
        with sealed(form.cleaned_data["files"], purpose=actions.FRESH_COPY, by=self.user) as [file]:
            return actions.replace_file(resource=self.resource, given=file, by=self.user, now=clock.now())
