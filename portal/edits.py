"""Two people with the same form open: what only one of them changed is kept, and the second reads what both have changed (ADR 18)."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.kernel import audit, clock, sent_forms
from core.kernel.errors import ConflictError, NotFound
from core.kernel.models import AuditEvent
from portal import versions
from portal.once import wants_json
from portal.versions import Version
from themes.formats import moment


class EditMixin:
    """A form view that knows from what its form was made. Each says by `edits` whether it changes what is there."""

    edits: ClassVar[bool | None] = None  # each form says so; a test asks
    request: HttpRequest
    user: Any
    calls_processor: ClassVar[bool]
    version: Version | None = None  # the one that came with the form

    def is_editing(self) -> bool:
        """Whether this very request is about something that is there already."""
        return bool(self.edits)

    def get_version_address(self) -> str:
        """Where this form is sent to; a version of another form counts as none."""
        return self.request.path

    def get_edited(self) -> Sequence[Model]:
        """The rows that the form changes: held while it is compared and written."""
        return ()

    def hold_edited(self) -> None:
        """Hold what is edited until the end of the transaction, and see it as it is now."""
        if not self.is_editing():
            return
        in_transaction = not self.calls_processor
        if in_transaction:
            # By the address, because what was never saved has no row to hold.
            sent_forms.one_writer_at_a_time(self.get_version_address())
        for row in self.get_edited():
            if row._state.adding:
                continue
            rows = row.__class__._base_manager.all()
            try:
                row.refresh_from_db(from_queryset=rows.select_for_update() if in_transaction else rows)
            except ObjectDoesNotExist as gone:
                raise NotFound(f"{row._meta.label_lower} {row.pk}") from gone

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        """What the form was made from. Names of fields are compared one by one; any other name is a fact that must not change meanwhile."""
        return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    def read_version(self, sent: QueryDict) -> None:
        """Take the version out of what was sent."""
        self.version = versions.sent_with(sent, address=self.get_version_address(), user_id=str(self.user.pk))

    def recall_version(self, sent: QueryDict) -> None:
        """The same for a form that is only shown again; one that cannot be read is as good as none."""
        if self.is_editing():
            with suppress(ConflictError):
                self.read_version(sent)

    def compared(self, form: forms.BaseForm) -> forms.BaseForm:
        """The form with what others have changed meanwhile, and an error at each field that both have changed. Checked."""
        self.read_version(self.request.POST)
        if self.version is None:
            form.is_valid()
            return form
        values = self.get_version_values(form)
        moved_on = [name for name in versions.changed_since(self.version, values) if name not in form.fields]
        if moved_on:
            refusal = ConflictError("changed_meanwhile", self.sentence_of_facts(moved_on, form))
            self.version = self.version.with_now(moved_on, values)
            raise refusal
        difference = versions.compare(form, self.version, values)
        if difference.kept:
            form = self.get_form(self.request.POST, self.request.FILES)  # type: ignore[attr-defined]
            versions.keep(form, difference.kept)
        for name in difference.conflicts:
            form.add_error(name, self.sentence_of_conflict(name, form, values[name]))
        if difference.conflicts:
            self.version = self.version.with_now(difference.conflicts, values)
        elif difference.kept and form.is_valid():
            self._say_kept(form, difference.kept)
        return form

    def refuse_if_changed(self, rows: Iterable[Model], name: str, form: forms.BaseForm) -> None:
        """Refuse when one of these rows, which only the sent form names, was changed after the form was made."""
        if (
            self.version is None
            or (event := audit.latest_change(list(rows), [name], since=self.version.made_at)) is None
        ):
            return
        sentence = self.sentence_of_conflict(name, form, (event.changes.get(name) or [None, ""])[1], event)
        self.version = self.version.with_now([], {})
        raise ConflictError("changed_meanwhile", sentence, field=name)

    def sign_version(self, form: forms.BaseForm) -> None:
        """Let the page carry the version: that which came with the form, as far as somebody has read of changes since; else a new one."""
        version = self.version or Version(versions.marks_of(self.get_version_values(form)), clock.now())
        versions.carry(self.request, version, address=self.get_version_address(), user_id=str(self.user.pk))

    def sentence_of_conflict(self, name: str, form: forms.BaseForm, now: Any, event: AuditEvent | None = None) -> str:
        """Who changed the field to what, and how to go on."""
        return _("%(who)s changed this to “%(theirs)s” (%(when)s). Send the form again to write yours instead.") % {
            **self._who_and_when([name], event),
            "theirs": versions.shown(form.fields[name], now),
        }

    def sentence_of_facts(self, names: Sequence[str], form: forms.BaseForm) -> str:
        """Who changed what the form is about, and how to go on."""
        return _(
            "%(who)s has changed this meanwhile (%(when)s). Look at what stands there now, then send the form again."
        ) % (self._who_and_when(names))

    def _say_kept(self, form: forms.BaseForm, kept: Iterable[str]) -> None:
        if wants_json(self.request):
            return
        named = get_text_list([str(form.fields[name].label or name) for name in kept], _("and"))
        said = _("Meanwhile %(who)s has changed: %(fields)s (%(when)s). That is kept, and so is what you changed.")
        messages.info(self.request, said % {**self._who_and_when(list(kept)), "fields": named})

    def _who_and_when(self, names: Sequence[str], event: AuditEvent | None = None) -> dict[str, str]:
        if event is None and self.version is not None:
            event = audit.latest_change(self.get_edited(), names, since=self.version.made_at)
        if event is None:
            return {"who": _("Somebody"), "when": moment(timezone.localtime(clock.now()))}
        is_mine = event.actor_id == str(self.user.pk)
        who = _("%(name)s (you)") % {"name": event.actor_label} if is_mine else event.actor_label
        return {"who": who, "when": moment(timezone.localtime(event.at))}
