"""What is done with a note besides writing: signed, added to, shared, taken back, removed, brought back as it was."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.permissions import logins_acting_for
from core.records import actions
from core.records.actions.checks import facts_of
from core.records.permissions import get_note, get_version
from core.records.rules.notes import Act, open_acts
from portal.forms import ActionView, FormView
from portal.records.forms import AdditionForm, NothingForm
from portal.records.rows import title_of


class _NoteFormView(FormView):
    """A form about a note for which one of these acts is open; of any other it shows the note."""

    edits = True
    template_name = "records/act.html"
    needed: ClassVar[tuple[Act, ...]]
    title: ClassVar[Any]
    submit: ClassVar[Any]
    lede: ClassVar[Any] = ""

    def load(self, pk: UUID) -> None:
        self.note = get_note(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.note]

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {"revision": self.note.revision, "amendments": len(self.note.added)}

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if not form.is_bound and not open_acts(facts_of(self.note, self.user)) & set(self.needed):
            messages.info(self.request, _("That cannot be done with this note now."))
            return self.lead_to(self.get_success_url())
        actions.note_read(self.note, by=self.user)  # also with errors: the words stand above them
        return super().render_form(form)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "note": self.note,
            "client": self.note.client,
            "note_title": title_of(self.note),
            "title": self.title,
            "submit": self.submit,
            "lede": self.lede,
            "back": self.get_success_url(),
        }

    def get_success_url(self) -> str:
        return reverse("notes:note", args=[self.note.pk])


class SignView(_NoteFormView):
    """Read once more, and answered for."""

    form_class = NothingForm
    needed = (Act.SIGN, Act.COSIGN)
    title = gettext_lazy("Sign this note")
    submit = gettext_lazy("Sign for good")
    lede = gettext_lazy(
        "You answer for these words. Nobody can change them afterwards; what is said later is added below."
    )
    success_message = gettext_lazy("Signed. The text can no longer be changed.")

    def perform(self, form: NothingForm) -> Any:
        return actions.sign_note(self.note, seen=self.note.revision, by=self.user, now=clock.now())


class ShareView(_NoteFormView):
    """Read once more, and shown to the client."""

    form_class = NothingForm
    needed = (Act.SHARE,)
    title = gettext_lazy("Share this note")
    submit = gettext_lazy("Share")

    def perform(self, form: NothingForm) -> Any:
        return actions.share_note(self.note, seen=self.note.revision, by=self.user, now=clock.now())

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "lede": self._who_reads()}

    def _who_reads(self) -> str:
        names = ", ".join(user.name for user in logins_acting_for(self.note.client))
        if not names:
            return _("Nobody signs in for %(name)s at the moment: it can be read as soon as somebody does.") % {
                "name": self.note.client.name
            }
        return _(
            "These can read the words from now on: %(names)s. They are told that there is something, not what it is."
        ) % {"names": names}

    def get_success_message(self) -> str:
        return _("Shared. What you write later is not shared until you share it again.")


class AddView(_NoteFormView):
    """Something is added to a note that is signed."""

    edits = False
    form_class = AdditionForm
    template_name = "records/addition.html"
    needed = (Act.AMEND,)
    title = gettext_lazy("Add to this note")
    submit = gettext_lazy("Add for good")
    lede = gettext_lazy(
        "What is added stands below the signed text with your name and the date. It cannot be changed afterwards."
    )
    success_message = gettext_lazy("Added.")

    def perform(self, form: AdditionForm) -> Any:
        return actions.amend_note(self.note, body=form.cleaned_data["body"], by=self.user, now=clock.now())


class _NoteActionView(ActionView):
    """A button about a note."""

    def load(self, pk: UUID) -> None:
        self.note = get_note(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("notes:note", args=[self.note.pk])


class WithdrawView(_NoteActionView):
    """Not shared any more."""

    success_message = gettext_lazy("Taken back: it cannot be read any more by those with whom it was shared.")

    def perform(self) -> None:
        actions.withdraw_note(self.note, by=self.user, now=clock.now())


class BringBackView(ActionView):
    """A former version, written once more."""

    success_message = gettext_lazy("Brought back. What stood there until now is kept, too.")

    def load(self, pk: UUID, version: UUID) -> None:
        self.version = get_version(self.user, pk, version)

    def perform(self) -> None:
        actions.bring_back_version(self.version, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("notes:note", args=[self.version.note_id])


class RemoveView(_NoteActionView):
    """Removed for good, after a question."""

    success_message = gettext_lazy("The note is removed.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        if Act.REMOVE not in open_acts(facts_of(self.note, self.user)):
            messages.info(request, _("That cannot be done with this note now."))
            return self.lead_to(reverse("notes:note", args=[self.note.pk]))
        context = {"note": self.note, "client": self.note.client, "note_title": title_of(self.note)}
        return render(request, "records/removal.html", context)

    def perform(self) -> None:
        self.client = self.note.client
        actions.remove_note(self.note, by=self.user, now=clock.now())
        self.is_gone = True

    def get_success_url(self) -> str:
        if getattr(self, "is_gone", False):
            return reverse("notes:list", args=[self.client.pk])
        return super().get_success_url()
