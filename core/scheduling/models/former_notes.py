"""What the note of an appointment said before somebody changed it."""

from django.db import models

from core.kernel.ids import new_id
from core.scheduling.models.appointments import Appointment


class FormerNote(models.Model):
    """The note until one edit, so that a lost text can be read again. It goes with the appointment.

    The audit names the act and not the text, because it is never forgotten.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="former_notes")
    event_id = models.UUIDField(unique=True)  # of the audit, which nothing refers to by a foreign key
    text = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"note of {self.appointment_id} before {self.event_id}"
