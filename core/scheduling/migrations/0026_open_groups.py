from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0025_channel_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="is_open_group",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="appointmentseries",
            name="is_open_group",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
