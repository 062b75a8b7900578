from django.db import migrations, models

# What failed before this release is as visible as what fails after it.
MARK = """
UPDATE kernel_outboxmessage
   SET error = left(split_part(outcome, ':', 1), 80), failures = attempts, failed_at = coalesce(finished_at, due_at)
 WHERE error = '' AND outcome <> '' AND (state = 'dead' OR (state = 'waiting' AND attempts > 0))
"""


class Migration(migrations.Migration):
    """A promise that fails is seen: what kind of error, how often, since when, whose it is, and what it is about."""

    dependencies = [("kernel", "0003_audit_reason_codes")]
    operations = [
        migrations.AddField("outboxmessage", "error", models.CharField(blank=True, db_default="", max_length=80)),
        migrations.AddField("outboxmessage", "failures", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("outboxmessage", "failed_at", models.DateTimeField(null=True)),
        migrations.AddField("outboxmessage", "author_id", models.CharField(blank=True, db_default="", max_length=40)),
        migrations.AddField("outboxmessage", "about_kind", models.CharField(blank=True, db_default="", max_length=60)),
        migrations.AddField("outboxmessage", "about_id", models.CharField(blank=True, db_default="", max_length=40)),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                condition=models.Q(("state__in", ["waiting", "dead"]), models.Q(("error", ""), _negated=True)),
                fields=["about_kind", "about_id", "-failed_at"],
                name="outbox_failing",
            ),
        ),
    ]
