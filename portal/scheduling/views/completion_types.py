"""The ways in which appointments end, each on a page of its own."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from core.scheduling.actions import save_completion_type
from core.scheduling.models import CompletionType
from core.scheduling.permissions import get_completion_type
from portal.scheduling.forms import CompletionTypeForm
from portal.settings_pages import SettingsFormView


class CompletionTypeView(SettingsFormView):
    """A new completion type, or one that is there."""

    needs = Permission.MANAGE_BILLING
    template_name = "scheduling/completion_type.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID | None = None) -> None:
        self.completion_type = get_completion_type(self.user, pk) if pk else CompletionType()

    def is_editing(self) -> bool:
        return "pk" in self.kwargs

    def get_edited(self) -> list[Any]:
        return [self.completion_type]

    def get_form(self, *posted: Any) -> CompletionTypeForm:
        return CompletionTypeForm(*posted, instance=self.completion_type, words=self.request.vocabulary)  # type: ignore[attr-defined]

    def perform(self, form: CompletionTypeForm) -> None:
        save_completion_type(form.kind(), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:policy")
