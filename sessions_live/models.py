"""Live rooms, who asked to come in, what was written and what was recorded in them, and who agreed to that.

Whoever is in a room is a login (`User`) or a guest without one (`LinkGuest`): `Person`. Rows of theirs have one of both.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.translation import gettext_noop, translate
from core.people.models import StaffMember, User
from core.scheduling.models import Appointment
from sessions_live.invitations.models import GuestInvitation as GuestInvitation  # because Django looks for models here
from sessions_live.personal_links.models import LinkGuest, PersonalLink, marked
from sessions_live.showings.models import Showing as Showing  # because Django looks for models here

Person = User | LinkGuest
PERSONAL = gettext_noop("By personal link")


def held_by(person: Person) -> dict[str, Any]:
    """Which rows are this person's: for `filter` and `create`."""
    return {"guest": person} if isinstance(person, LinkGuest) else {"user": person}


def one_of(first: str, second: str) -> Q:
    """Exactly one of two columns is set."""
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": False}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": True}
    )


class NamesForGuests(models.TextChoices):
    """What guests who came by a link read of others who are no hosts."""

    FIRST = "first", _("The first name only")
    SHORT = "short", _("The first name and an initial")


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
    youtube_allowed = models.BooleanField(default=False, db_default=False)  # videos from there, watched in step
    consent_additions = models.JSONField(
        default=dict
    )  # the organization's own words by language, after the standard text
    links_allowed = models.BooleanField(default=True, db_default=True)  # personal links, of everybody who works here
    names_for_guests = models.CharField(
        max_length=10, choices=NamesForGuests.choices, default=NamesForGuests.FIRST, db_default=NamesForGuests.FIRST
    )

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
    """Where one appointment takes place online, or where somebody is met by their personal link. Its id is what the media server knows; it
    carries no name. A personal room has no end of its own: each time that a host comes into it while nobody is there, a session begins."""

    Policy = MediaPolicy

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, null=True, related_name="room")
    link = models.OneToOneField(PersonalLink, on_delete=models.PROTECT, null=True, related_name="room")
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.DIRECT)
    moved_to_server = models.BooleanField(default=False)  # a third person came: until the session ends
    generation = models.PositiveIntegerField(default=1)
    work_area_hidden = models.BooleanField(default=False, db_default=False)  # by a host, for everybody
    is_locked = models.BooleanField(default=False, db_default=False)  # by a host: no other guest is let in
    spotlight = models.ForeignKey(  # whose picture is large for everybody, as long as they are in
        "Admission", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=one_of("appointment", "link"), name="room_of_one")]

    def __str__(self) -> str:
        return f"room of {self.appointment or self.link}"

    @property
    def address_id(self) -> Any:
        """What stands in the address of its pages: the id of the appointment, or of the link."""
        return self.appointment_id or self.link_id

    @property
    def practitioner(self) -> StaffMember:
        """Whose it is."""
        return self.appointment.practitioner if self.appointment else self.link.staff  # type: ignore[union-attr]

    @property
    def what(self) -> str:
        """What takes place in it, in the language in force."""
        return self.appointment.what if self.appointment else translate(PERSONAL)

    @property
    def is_group(self) -> bool:
        """Whether strangers to each other may be in it."""
        return self.appointment is None or self.appointment.is_group

    @property
    def ends_at(self) -> datetime | None:
        """When it is planned to end."""
        return self.appointment.ends_at if self.appointment else None

    @property
    def uses_server(self) -> bool:
        """Whether media goes through the media server at present."""
        return self.moved_to_server or self.policy == self.Policy.SERVER


class SharedVideo(models.Model):
    """The video that everybody in a room watches in step: at `at` it stood, or played, at `position` seconds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="shared_video")
    video = models.CharField(max_length=20)  # its id on YouTube
    is_playing = models.BooleanField(default=False)
    position = models.FloatField(default=0.0)
    at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.video} at {self.position:.0f} s"


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
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(LinkGuest, on_delete=models.PROTECT, null=True, related_name="admissions")
    name = models.CharField(max_length=150)
    is_host = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)
    hand_raised_at = models.DateTimeField(null=True, editable=False)
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
            models.UniqueConstraint(
                fields=["room", "guest"],
                condition=Q(state__in=["waiting", "admitted"]),
                name="admission_one_open_per_guest",
            ),
            models.CheckConstraint(condition=one_of("user", "guest"), name="admission_of_one"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting"), name="admission_waits_undecided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def person(self) -> Person:
        return self.guest or self.user  # type: ignore[return-value]

    @property
    def person_id(self) -> Any:
        return self.guest_id or self.user_id

    @property
    def mark(self) -> str:
        """What is said beside the name: of guests, that they are some."""
        return self.guest.mark if self.guest else ""

    @property
    def shown_name(self) -> str:
        """The name with its mark, in the language in force."""
        return marked(self.name, self.mark)


class ChatMessage(models.Model):
    """What somebody wrote, in the waiting room (to the hosts and one waiting person) or in the session (to all who are in)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sending_guest = models.ForeignKey(LinkGuest, on_delete=models.PROTECT, null=True, related_name="+")
    sender_name = models.CharField(max_length=150)
    waiting_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waiting_guest = models.ForeignKey(LinkGuest, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=one_of("sender", "sending_guest"), name="chatmessage_of_one")
        ]

    def __str__(self) -> str:
        return f"{self.sender_name} at {self.at:%H:%M}"

    @property
    def sender_person_id(self) -> Any:
        return self.sending_guest_id or self.sender_id

    @property
    def waiting_id(self) -> Any:
        """Whose waiting room it was written in; None for the session itself."""
        return self.waiting_guest_id or self.waiting_person_id

    @property
    def mark(self) -> str:
        return self.sending_guest.mark if self.sending_guest else ""

    @property
    def shown_name(self) -> str:
        """The sender's name with its mark, in the language in force."""
        return marked(self.sender_name, self.mark)


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
        AS_GUEST = "guest", _("In the %(session)s, as a guest")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="consents")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(LinkGuest, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=150)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    how = models.CharField(max_length=10, choices=How.choices, default=How.IN_ROOM)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=one_of("user", "guest"), name="consent_of_one")]

    def __str__(self) -> str:
        return f"{self.name}: {self.answer}"

    @property
    def person_id(self) -> Any:
        return self.guest_id or self.user_id


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
