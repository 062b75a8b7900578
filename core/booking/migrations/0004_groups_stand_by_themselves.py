from django.db import migrations
from django.db.models import Exists, OuterRef


def mark_groups(apps, schema_editor):
    """What stands in the calendar with places to take goes on standing when the last one leaves it."""
    service = apps.get_model("booking", "BookableService").objects.exclude(places=None)
    for_groups = list(service.values_list("service_id", flat=True))
    own = apps.get_model("booking", "SelfBooking").objects
    appointments = apps.get_model("scheduling", "Appointment").objects.filter(service_id__in=for_groups, status="booked")
    # What somebody booked for themselves before the service had places stays theirs alone.
    own_hours = own.filter(appointment=OuterRef("pk"), user=OuterRef("booked_by"))
    appointments.exclude(Exists(own_hours)).update(is_open_group=True)
    apps.get_model("scheduling", "AppointmentSeries").objects.filter(service_id__in=for_groups).update(
        is_open_group=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0003_group_places"),
        ("scheduling", "0026_open_groups"),
    ]

    operations = [migrations.RunPython(mark_groups, migrations.RunPython.noop)]
