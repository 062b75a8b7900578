"""Live rooms, who asked to come in, what was written and what was recorded in them, and who agreed to that."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.people.models import User
from core.scheduling.models import Appointment


class MediaPolicy(models.TextChoices):
    """Which way picture and sound take."""

    DIRECT = "direct", _("Two people talk directly; the media server joins in for more")
    SERVER = "server", _("Always through the media server")


class LiveSettings(models.Model):
    """What an organization has decided about its live sessions. One row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    policy = models.CharField(max_length=10, choices=MediaPolicy.choices, default=MediaPolicy.DIRECT)
    front_desk_hears = models.BooleanField(default=False)  # the doorbell, of those who manage all schedules
    recording_allowed = models.BooleanField(default=False)
    recording_days = models.PositiveSmallIntegerField(default=90)  # that a recording is kept
    clients_may_play = models.BooleanField(default=False)  # recordings of themselves, never of a group
    consent_additions = models.JSONField(
        default=dict
    )  # the organization's own words by language, after the standard text

    class Meta:
        verbose_name_plural = "live settings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="livesettings_one_current"
            )
        ]

    def __str__(self) -> str:
        return "live settings"

    @classmethod
    def current(cls) -> "LiveSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()


class Room(models.Model):
    """Where one appointment takes place online. Its id is what the media server knows; it carries no name."""

    Policy = MediaPolicy

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="room")
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.DIRECT)
    moved_to_server = models.BooleanField(default=False)  # a third person came: until the session ends
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"room of {self.appointment}"

    @property
    def uses_server(self) -> bool:
        """Whether media goes through the media server at present."""
        return self.moved_to_server or self.policy == self.Policy.SERVER


class Admission(models.Model):
    """Somebody asked to come in: when, and what a host decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ADMITTED = "admitted", _("Admitted")
        DENIED = "denied", _("Not admitted")
        LEFT = "left", _("Left")

    OPEN_STATES: ClassVar = [State.WAITING, State.ADMITTED]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="admissions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    is_host = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)
    connection = models.CharField(max_length=150, default="", editable=False)  # the page that holds the admission
    held_until = models.DateTimeField(
        null=True, editable=False
    )  # the lease that this page renews; stays when it ran out

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "user"],
                condition=Q(state__in=["waiting", "admitted"]),
                name="admission_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting"), name="admission_waits_undecided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class ChatMessage(models.Model):
    """What somebody wrote, in the waiting room (to the hosts and one waiting person) or in the session (to all who are in)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=150)
    waiting_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.sender_name} at {self.at:%H:%M}"


class ConsentText(models.Model):
    """The words that were put before people who were asked whether they may be recorded. Never changed: other words are another row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of language and text
    language = models.CharField(max_length=10)
    text = models.TextField()
    first_used_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-first_used_at", "language"]

    def __str__(self) -> str:
        return f"{self.language} {self.digest[:8]}"


class Recording(models.Model):
    """One recording of a session, from the question to the receipt of its deletion. What was promised when people were asked stays with it."""

    class State(models.TextChoices):
        ASKING = "asking", _("Waiting for an answer")
        RECORDING = "recording", _("Recording")
        COMPOSING = "composing", _("Being prepared")
        KEPT = "kept", _("Ready")
        FAILED = "failed", _("Not prepared")
        NOTHING = "nothing", _("Nothing was recorded")
        DELETED = "deleted", _("Deleted")

    OPEN_STATES: ClassVar = [State.ASKING, State.RECORDING]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="recordings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    texts = models.ManyToManyField(ConsentText, related_name="recordings")
    keep_days = models.PositiveSmallIntegerField()
    clients_may_play = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, default="")
    keep_until = models.DateField(null=True)
    file = models.CharField(max_length=200, default="")
    sha256 = models.CharField(max_length=64, default="")
    size = models.BigIntegerField(default=0)  # bytes
    seconds = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=20, default="")
    composing_since = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(state__in=["asking", "recording"]), name="recording_one_open_per_room"
            ),
            models.CheckConstraint(
                condition=(Q(state="kept") & ~Q(file="")) | (~Q(state="kept") & Q(file="")),
                name="recording_kept_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asking", "nothing"]) | Q(began_at__isnull=False), name="recording_began"
            ),
        ]

    def __str__(self) -> str:
        return f"recording of {self.room.appointment}"

    @property
    def is_open(self) -> bool:
        """Whether it is being asked for or made."""
        return self.state in self.OPEN_STATES

    @property
    def has_material(self) -> bool:
        """Whether something of it is kept: the video, or its parts."""
        return self.state in (self.State.KEPT, self.State.FAILED)

    @property
    def short_id(self) -> str:
        """Six signs that tell it from others of its day."""
        return self.pk.hex[-6:]


class Consent(models.Model):
    """One answer of one person about one recording. Whoever changes their mind adds a row; the last one counts."""

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Did not agree")
        WITHDRAWN = "withdrawn", _("Withdrew")

    class How(models.TextChoices):
        IN_ROOM = "room", _("In the %(session)s, signed in")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="consents")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    how = models.CharField(max_length=10, choices=How.choices, default=How.IN_ROOM)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.answer}"


class RecordingDeletion(ReasonedModel):
    """The receipt: who deleted a recording, when, why, and the fingerprint of what is gone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, related_name="deletion")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # nobody: its time was over
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, default="")
    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"deletion of {self.recording_id}"
