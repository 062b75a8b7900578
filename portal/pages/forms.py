"""Forms about a page of the website."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.models import Branch
from branding.queries import active_branches
from core.pages.models import DESCRIPTION, TITLE
from portal.pages import starts

ADDRESS_HELP = gettext_lazy(
    "The last part of the address, like team. Whoever has the old address is led to the new one."
)


class SlugField(forms.SlugField):
    """The last part of an address, in letters of any script."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label=gettext_lazy("Address"), max_length=80, allow_unicode=True, **more)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()  # before it is checked, because some small letters are two signs


class NewPageForm(forms.Form):
    """A page to come."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE)
    start = forms.ChoiceField(label=gettext_lazy("It starts with"), choices=starts.choices)
    below = forms.ChoiceField(label=gettext_lazy("Below"))
    slug = SlugField(
        required=False,
        help_text=gettext_lazy("The last part of the address, like team; left empty, it is made of the title."),
    )

    def __init__(self, *args: Any, parents: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["below"].choices = [(str(pk), title) for pk, title in parents]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not values.get("slug") and values.get("title"):
            values["slug"] = slugify(values["title"], allow_unicode=True)[:80].strip("-")
            if not values["slug"]:
                self.add_error("slug", _("Write an address: the title has no letters for one."))
        return values


class PageForm(forms.Form):
    """What a page is called, and where it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=DESCRIPTION, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences that search engines show, and links that are shared."),
    )  # fmt: skip
    slug = SlugField(help_text=ADDRESS_HELP)
    show_in_menus = forms.BooleanField(label=gettext_lazy("Show it in the menu"), required=False)

    def __init__(self, *args: Any, is_home: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_home:
            del self.fields["slug"], self.fields["show_in_menus"]


class FrontPageForm(forms.Form):
    """For which branches a page is the front page."""

    branches = forms.ModelMultipleChoiceField(
        Branch.objects.none(), label=gettext_lazy("Front page of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Visitors of their web addresses find this page first. On all others it stands at its own address."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branches"].queryset = Branch.objects.filter(pk__in=list(active_branches()))  # type: ignore[attr-defined]


class ScheduleForm(forms.Form):
    """When a draft is published, as it was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    date = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
