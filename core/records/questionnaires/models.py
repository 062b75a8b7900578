"""Forms, what was sent of them to whom, what was answered, and who has signed."""

from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from core.kernel import encrypted_columns
from core.kernel.ids import new_id
from core.people.models import Client, User
from core.records.models.sealed import PURPOSE, seal, unseal
from core.records.questionnaires.rules.questionnaires import TITLE, Definition

MESSAGE = 1000  # letters of what is said with a form, or why it is declined


class SealedContent(models.Model):
    """A row with a content that is encrypted at rest."""

    sealed = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def content(self) -> dict[str, Any]:
        """What was kept, decrypted once for what was loaded last; nothing where it cannot be opened (`is_readable`)."""
        return self._opened or {}

    @property
    def is_readable(self) -> bool:
        return self._opened is not None

    @property
    def _opened(self) -> dict[str, Any] | None:
        opened: tuple[str, dict[str, Any] | None] | None = self.__dict__.get("_content")
        if opened is None or opened[0] != self.sealed:
            content = unseal(self.sealed) if self.sealed else {}
            opened = self.__dict__["_content"] = (self.sealed, content)
        return opened[1]

    def keep(self, **content: Any) -> None:
        """Set the content, without saving."""
        self.sealed = seal(content)


class Questionnaire(models.Model):
    """A form as it is being written; people read *form*. `revision` counts the times it was changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=TITLE)
    kept = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def definition(self) -> Definition:
        return Definition.read(self.kept)


class QuestionnaireVersion(models.Model):
    """A form as it was sent. It is never changed: whoever writes on makes another version once that is sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kept = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaireversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.definition.title}, {self.number}"

    @cached_property
    def definition(self) -> Definition:
        return Definition.read(self.kept)


class QuestionnaireRequest(SealedContent):
    """That a client's logins are asked to fill in a form: all of them, or `addressee` alone. Sealed: what was said with it.

    `answered_at` is when it was sent in the last time, none while it is open; `looked_at` when somebody who keeps the record first read that.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be filled in")
        ANSWERED = "answered", _("Filled in")
        WITHDRAWN = "withdrawn", _("Taken back")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="questionnaire_requests")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="requests")
    addressee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_addressed = models.BooleanField(default=False)  # so that one whose login is gone is not everybody's
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    reminds = models.BooleanField(default=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["client", "-sent_at"], name="request_of_client"),
            models.Index(fields=["due_on"], condition=models.Q(answered_at=None), name="request_due"),
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.sent_at:%Y-%m-%d}"

    @property
    def title(self) -> str:
        return self.version.definition.title

    @property
    def message(self) -> str:
        """What was said with it."""
        return str(self.content.get("message", ""))

    @property
    def state(self) -> str:
        """One of `State`."""
        end = getattr(self, "end", None)
        if end is not None:
            return str(end.kind)
        return self.State.ANSWERED if self.answered_at else self.State.OPEN

    @property
    def state_words(self) -> str:
        return str(self.State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def latest(self) -> "QuestionnaireResponse":
        """What is written, or was sent in last; from what was prefetched, if it was."""
        return max(self.responses.all(), key=lambda each: each.number)


class QuestionnaireRequestEnd(SealedContent):
    """That a form need not be filled in any more: taken back by whoever keeps the record, or declined by a login of the client. Sealed: why."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Taken back")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(QuestionnaireRequest, on_delete=models.CASCADE, related_name="end")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id}, {self.kind}"

    @property
    def reason(self) -> str:
        return str(self.content.get("reason", ""))


class QuestionnaireResponse(SealedContent):
    """What is written in a form. Once it is sent in, it is never changed: a form that is opened again gets another one.

    `revision` counts the times it was saved. Sealed: the answers, and once it is sent in the digest of them with all that was asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(QuestionnaireRequest, on_delete=models.CASCADE, related_name="responses")
    number = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="questionnaireresponse_once"),
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(submitted_at=None), name="questionnaireresponse_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}, {self.number}"

    @property
    def answers(self) -> dict[str, Any]:
        """By the keys of the items; files are rows of their own."""
        return dict(self.content.get("answers", {}))

    @property
    def with_files(self) -> dict[str, Any]:
        """The answers, and of each question for files the ids of them."""
        found = self.answers
        for row in self.files.all():
            found.setdefault(row.item_key, []).append(str(row.file_id))
        return found

    @property
    def digest(self) -> str:
        """Of what was asked and answered (SHA-256, hexadecimal); empty until it is sent in."""
        return str(self.content.get("digest", ""))

    @property
    def submitter(self) -> str:
        """How whoever sent it in was called then."""
        return str(self.content.get("submitter", ""))


class ResponseFile(models.Model):
    """A file that answers a question. One that was brought again after a form was opened again is the same file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    response = models.ForeignKey(QuestionnaireResponse, on_delete=models.CASCADE, related_name="files")
    item_key = models.CharField(max_length=20)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return f"{self.response_id}, {self.item_key}"


class ResponseSignature(SealedContent):
    """Somebody has signed, or agreed to a statement. Sealed: the name as it was typed, by which login, from which address and program."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    response = models.ForeignKey(QuestionnaireResponse, on_delete=models.CASCADE, related_name="signatures")
    item_key = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "item_key"], name="responsesignature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}, {self.item_key}"


for each in (QuestionnaireRequest, QuestionnaireRequestEnd, QuestionnaireResponse, ResponseSignature):
    encrypted_columns.register(each, "sealed", purpose=PURPOSE)
