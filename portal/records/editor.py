"""Where a note is begun and written. A script sends the form every few seconds; without it there is a button."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.models import AuditEvent
from core.records import actions
from core.records.actions.checks import check_readable
from core.records.models import Note
from core.records.permissions import get_appointment_of, get_client_with_records, get_note
from portal import versions
from portal.client_tabs import tabs_for
from portal.forms import FormView
from portal.once import wants_json
from portal.person_choices import key_of
from portal.records.forms import NewNoteForm, TextForm
from portal.records.notes import new_note_form
from portal.records.rows import note_row, note_shown, previous_rows, title_of
from portal.versions import Version
from themes.formats import moment

REPLACES = "replaces"  # of a version: what is sent next takes the place of what somebody has read of


class NewNoteView(FormView):
    """A note is begun: it is there at once, so that what is typed next cannot be lost."""

    edits = False
    template_name = "records/new.html"
    result: Note

    def is_one_per_content(self) -> bool:
        return False  # because whoever begins a second one has written the first, and else gets the first

    def load(self, pk: UUID) -> None:
        self.client = get_client_with_records(self.user, pk)
        self.appointment = get_appointment_of(self.client, key_of(self.request.GET.get("appointment", "")))

    def get_form(self, *posted: Any) -> NewNoteForm:
        return new_note_form(self.request, self.client, *posted, also=self.appointment)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        shown = super().get_context_data(form)
        return {**shown, "client": self.client, "tabs": tabs_for(self.request, self.client)}

    def perform(self, form: NewNoteForm) -> Note:
        return actions.begin_note(
            self.client,
            appointment=form.chosen_appointment(),
            template=form.chosen_template(),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("notes:write", args=[self.result.pk])


class WriteView(FormView):
    """The words of a note, beside the earlier ones. What a colleague has written meanwhile is never written over unseen."""

    edits = True
    template_name = "records/write.html"
    form_class = TextForm
    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID) -> None:
        self.note = get_note(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.note]

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.note.text.title, "body": self.note.text.body}

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {"revision": self.note.revision}

    def compared(self, form: forms.BaseForm) -> forms.BaseForm:
        try:
            return super().compared(form)
        except ConflictError:
            if self.version is not None:  # whoever sends it again has read why
                self.version = replace(
                    self.version, marks={**self.version.marks, **versions.marks_of({REPLACES: True})}
                )
            raise

    def sentence_of_facts(self, names: Any, form: forms.BaseForm) -> str:
        who = self._who_and_when(names)
        return (
            _(
                "%(who)s has written here meanwhile (%(when)s). What you typed is still in this form and is not saved. "
                "Save it again to put it in place of what stands there now, which is kept among the versions."
            )
            % who
        )

    def _who_and_when(self, names: Any, event: AuditEvent | None = None) -> dict[str, str]:
        """The note says itself who typed last."""
        last = self.note.written_by
        who = _("%(name)s (you)") % {"name": last} if last.pk == self.user.pk else str(last)
        return {"who": who, "when": moment(timezone.localtime(self.note.written_at))}

    @property
    def is_autosave(self) -> bool:
        return "autosave" in self.request.POST

    @property
    def is_aside(self) -> bool:
        """Somebody leaves what stands there, and has their own kept among the versions."""
        return "aside" in self.request.POST

    def note_sent(self, led_to: str) -> None:
        """Nothing comes into being twice by what a script sends again; a row for each few seconds would be for nothing."""
        if not self.is_autosave:
            super().note_sent(led_to)

    def perform(self, form: TextForm) -> Note:
        values, now = form.cleaned_data, clock.now()
        words = {"title": values["title"], "body": values["body"], "seen": self.note.revision}
        if self.is_aside:
            self.note = actions.set_aside(self.note, by=self.user, now=now, **words)
        else:
            replaces = self.version is not None and REPLACES in self.version.marks
            self.note = actions.write_note(self.note, by=self.user, now=now, replaces=replaces, **words)
        return self.note

    def done(self) -> HttpResponse:
        if not wants_json(self.request):
            return super().done()
        saved = Version(versions.marks_of(self.get_version_values(TextForm())), clock.now())
        url = reverse("notes:write", args=[self.note.pk]) if self.is_aside else self.get_success_url()
        return JsonResponse({"message": "", "url": url, "version": self._signed(saved)})

    def refused(self, form: forms.BaseForm, status: int) -> HttpResponse:
        """A script learns as well with which version the words can be sent again, once somebody has read why they were not taken."""
        if not wants_json(self.request):
            return super().refused(form, status)
        first = next(iter(form.errors.values()))[0]
        version = self._signed(self.version) if self.version else ""
        return JsonResponse({"message": first, "version": version, "is_signed": self.note.is_signed}, status=status)

    def _signed(self, version: Version) -> str:
        return versions.signed(version, address=self.get_version_address(), user_id=str(self.user.pk))

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        """Of a note that is signed or cannot be read, its page; unless somebody has typed, whose words must not be lost."""
        if self.note.is_signed and not form.is_bound:
            messages.info(self.request, _("This note is signed. What you want to say can be added below it."))
            return self.lead_to(self.get_success_url())
        if not form.is_bound:
            try:
                check_readable(self.note)
            except ConflictError as refusal:
                messages.error(self.request, refusal.message)
                return self.lead_to(self.get_success_url())
            note_shown(self.note, by=self.user)
        return super().render_form(form)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "note": self.note,
            "client": self.note.client,
            "title": title_of(self.note),
            "row": note_row(self.note),
            "previous": previous_rows(self.note.client, but=self.note),
            "back": self.get_success_url(),
        }

    def get_success_url(self) -> str:
        return reverse("notes:note", args=[self.note.pk])
