"""What somebody wants to see in the calendar, kept for the person, not for the device."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import User


class CalendarChoice(models.Model):
    """Whose schedules a login has ticked, and by whom its appointments are coloured. No schedules: as many as there is room for."""

    class ColorBy(models.TextChoices):
        PRACTITIONER = "practitioner", _("%(Practitioner)s")
        CLIENT = "client", _("%(Client)s")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_choice")
    schedules = ArrayField(models.UUIDField(), default=list, blank=True)  # of StaffMember
    color_by = models.CharField(max_length=12, choices=ColorBy.choices, default=ColorBy.PRACTITIONER)

    def __str__(self) -> str:
        return f"calendar of {self.user}"
