from django.db import migrations

# The own text of the invitation becomes a version of that message, with its subject as the heading, as mails have shown it.
COPY = """
INSERT INTO notifications_messageversion
    (id, channel, code, language, number, is_standard, subject, heading, body, button, author_id, author_name, created_at)
SELECT gen_random_uuid(), 'email', 'invitation', own.language, 1, false, own.subject, own.subject, own.body,
    CASE own.language WHEN 'de' THEN 'Passwort wählen' WHEN 'es' THEN 'Elegir una contraseña' ELSE 'Choose a password' END,
    '', '', own.changed_at
FROM people_invitationtext AS own
ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM notifications_messageversion WHERE code = 'invitation' AND number = 1 AND author_name = ''"


class Migration(migrations.Migration):
    """The table stays for one release, because the one before reads it."""

    dependencies = [("people", "0011_nouns_in_labels"), ("notifications", "0004_message_versions")]
    operations = [
        migrations.RunSQL(COPY, FORGET),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("InvitationText")]),
    ]
