from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking_requests", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="requestsettings",
            name="shows_free_times",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
