import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_waiting_list"),
        ("people", "0001_initial"),
        ("scheduling", "0023_reminders_by_channel"),
    ]

    operations = [
        migrations.AddField("bookableservice", "places", models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            "bookableservice",
            models.CheckConstraint(
                condition=models.Q(("places", None), ("places__gte", 2), _connector="OR"),
                name="bookableservice_places",
            ),
        ),
        migrations.AddField(
            "hold",
            "group",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="held_places",
                to="scheduling.appointment",
            ),
        ),
        migrations.AddField(
            "hold",
            "client",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.client"
            ),
        ),
    ]
