from django.db import migrations, models


class Migration(migrations.Migration):
    """One index row per promise instead of one per organization; the workers' sweep at their start fills the new table."""

    dependencies = [("tenants", "0003_external_account")]
    operations = [
        migrations.DeleteModel("DueWork"),
        migrations.CreateModel(
            name="DueWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(max_length=63)),
                ("due_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["due_at", "schema_name"], name="due_work_by_time")]},
        ),
        migrations.CreateModel(
            name="WorkerHeartbeat",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("delivered", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField("domain", "verification_token", models.CharField(blank=True, max_length=40)),
    ]
