from django.db import migrations, models


class Migration(migrations.Migration):
    """Operators see which background work fails: names and numbers, no content."""

    dependencies = [("tenants", "0008_no_truncate")]
    operations = [
        migrations.CreateModel(
            name="FailedTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(blank=True, max_length=63)),
                ("task", models.CharField(max_length=120)),
                ("job", models.CharField(blank=True, max_length=120)),
                ("arguments", models.JSONField(default=list)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                ("error", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["schema_name", "task", "job", "arguments"], name="failed_task_once"
                    )
                ],
            },
        ),
    ]
