from django.db import migrations, models

# The promise's id has always stood in the Message-ID.
PROMISES = """
UPDATE notifications_delivery SET promise_id = substring(message_id from 2 for 36)::uuid
 WHERE promise_id IS NULL AND message_id ~ '^<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@'
"""
STATES = [
    ("trying", "Not sent yet; it is tried again"),
    ("sent", "Handed to the mail server"),
    ("delivered", "Delivered"),
    ("deferred", "Delayed"),
    ("bounced", "Refused by the receiving server"),
    ("complained", "Reported as spam"),
    ("failed", "Could not be sent"),
    ("void", "No longer needed"),
]


class Migration(migrations.Migration):
    """The log says why a mail did not arrive, whose it is, and which promise it kept."""

    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.AlterField("delivery", "state", models.CharField(choices=STATES, max_length=10)),
        migrations.AddField("delivery", "reason_code", models.CharField(blank=True, db_default="", max_length=60)),
        migrations.AddField("delivery", "reason_values", models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.AddField("delivery", "promise_id", models.UUIDField(null=True, unique=True)),
        migrations.AddField("delivery", "promise_name", models.CharField(blank=True, db_default="", max_length=80)),
        migrations.AddField("delivery", "author_id", models.CharField(blank=True, db_default="", max_length=40)),
        migrations.RunSQL(PROMISES, migrations.RunSQL.noop),
        migrations.AddIndex(
            "delivery", models.Index(fields=["about_kind", "about_id", "-created_at"], name="delivery_about")
        ),
    ]
