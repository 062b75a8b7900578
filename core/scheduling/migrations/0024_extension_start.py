from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0023_reminders_by_channel"),
    ]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="starts_at",
            field=models.DateTimeField(null=True),
        ),
    ]
