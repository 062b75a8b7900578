import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0026_open_groups"),
        ("waiting_list", "0003_ended_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitingoffer",
            name="group",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="offered_places",
                to="scheduling.appointment",
            ),
        ),
    ]
