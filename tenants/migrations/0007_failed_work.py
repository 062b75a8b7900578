from django.db import migrations, models


class Migration(migrations.Migration):
    """Operators see where promises fail: numbers and names, no content."""

    dependencies = [("tenants", "0006_group")]
    operations = [
        migrations.CreateModel(
            name="FailedWork",
            fields=[
                ("schema_name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("retried", models.PositiveIntegerField()),
                ("given_up", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField(null=True)),
                ("promise", models.CharField(max_length=80)),
                ("error", models.CharField(max_length=80)),
            ],
        ),
    ]
