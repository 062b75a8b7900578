"""The categories of help: named in each language, with an icon, shown or not, in an order; and those of one's own."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from core.help.actions import change_category, move_category
from core.help.models import Category
from core.help.queries import Shelf, require_category
from core.help.starters import starter_category
from core.kernel.errors import NotFound
from portal.forms import ActionView
from portal.help.writing import WritingMixin, offered
from portal.settings_pages import SettingsFormView

ICONS = ("rocket", "video", "calendar-days", "receipt", "shield-check", "book-open", "briefcase", "circle-help", "globe", "heart",
         "info", "life-buoy", "lightbulb", "mail", "music", "palette", "settings", "sparkles", "users", "wrench")  # fmt: skip


class CategoryForm(forms.Form):
    """How a category is called in one language, and how it looks."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    about = forms.CharField(label=gettext_lazy("What it is about"), max_length=200, required=False)
    icon = forms.ChoiceField(
        label=gettext_lazy("Picture"), choices=[(each, each) for each in ICONS], widget=forms.RadioSelect
    )
    for_staff = forms.BooleanField(label=gettext_lazy("For %(staff_members)s only"), required=False)
    is_shown = forms.BooleanField(label=gettext_lazy("Shown to readers"), required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["for_staff"]


class CategoryView(WritingMixin, SettingsFormView):
    """One category, or a new one."""

    form_class = CategoryForm
    template_name = "help/category_form.html"
    edits = True
    success_message = gettext_lazy("Saved.")
    shelf: Shelf | None = None

    def load(self, code: str = "") -> None:
        self.code = code
        self.shelf = next((each for each in self.centre().shelves if each.code == code), None)
        if code and self.shelf is None:
            raise NotFound

    def is_editing(self) -> bool:
        return bool(self.kwargs.get("code"))  # because it is asked before anything is loaded

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        return list(Category.objects.filter(code=self.code)) if self.code else []

    def hold_edited(self) -> None:
        super().hold_edited()
        self.load(self.code)

    def get_initial(self) -> dict[str, Any]:
        if self.shelf is None:
            return {"icon": ICONS[5], "is_shown": True}
        shelf = self.shelf
        return {"name": shelf.name, "about": shelf.about, "icon": shelf.icon, "is_shown": not shelf.is_hidden}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = CategoryForm(*posted, initial=self.get_initial(), is_new=not self.code)
        known = [value for value, _label in form.fields["icon"].choices]  # type: ignore[attr-defined]
        if self.shelf is not None and self.shelf.icon not in known:
            form.fields["icon"].choices = [(self.shelf.icon, self.shelf.icon), *form.fields["icon"].choices]  # type: ignore[attr-defined]
        return form

    def perform(self, form: CategoryForm) -> Category:
        data = form.cleaned_data
        with translation.override(self.language):
            return change_category(
                self.code, language=self.language, languages=offered(), name=data["name"], about=data["about"],
                icon=data["icon"], is_shown=data["is_shown"], for_staff=data.get("for_staff", False), by=self.user,
            )  # fmt: skip

    def get_success_url(self) -> str:
        return f"{reverse('articles:list')}?language={self.language}"

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "shelf": self.shelf,
            "languages": self.languages(self.request.path),
            "is_own": self.shelf is not None and starter_category(self.code) is None,
        }


class CategoryMoveView(WritingMixin, ActionView):
    """One place up or down."""

    def load(self, code: str) -> None:
        require_category(code)
        self.code = code

    def perform(self) -> None:
        up = self.request.POST.get("to") == "up"
        with translation.override(self.language):
            move_category(self.code, language=self.language, up=up, by=self.user)

    def get_success_url(self) -> str:
        return f"{reverse('articles:list')}?language={self.language}"
