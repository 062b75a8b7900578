from django.db import migrations, models


class Migration(migrations.Migration):
    """Who a client's bills are made out to, and where they are posted, where that is somebody or somewhere else."""

    dependencies = [("people", "0009_short_name")]

    operations = [
        migrations.AddField(
            "client", "billing_name", models.CharField(blank=True, default="", db_default="", max_length=150)
        ),
        migrations.AddField("client", "billing_address", models.TextField(blank=True, default="", db_default="")),
    ]
