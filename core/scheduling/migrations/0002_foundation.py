from django.db import migrations

# A place keeps a copy of its appointment's time, for the exclusion constraint per client. The composite key makes a different copy impossible,
# and moving the appointment moves its places in the same statement.
SAME_TIME = """
ALTER TABLE scheduling_participant ADD CONSTRAINT participant_same_time
FOREIGN KEY (appointment_id, starts_at, ends_at) REFERENCES scheduling_appointment (id, starts_at, ends_at)
ON UPDATE CASCADE ON DELETE CASCADE
"""
TYPES = [
    ("Completed", "held", 100, 100),
    ("Missed - full costs and wages", "missed", 100, 100),
    ("Missed - full costs, no wages", "missed", 100, 0),
    ("Missed - no costs", "missed", 0, 0),
    ("Cancelled late - full costs and wages", "cancelled", 100, 100),
    ("Cancelled late - half", "cancelled", 50, 50),
    ("Cancelled late - no costs", "cancelled", 0, 0),
]


def add_completion_types(apps, schema_editor):
    CompletionType = apps.get_model("scheduling", "CompletionType")
    for position, (name, outcome, client_share, wage_share) in enumerate(TYPES, start=1):
        CompletionType.objects.create(
            name=name,
            outcome=outcome,
            client_share=client_share,
            wage_share=wage_share,
            is_default=True,
            position=position * 10,
        )


class Migration(migrations.Migration):
    """The key that holds a place to its appointment's time, and the completion types every organization starts with."""

    dependencies = [("scheduling", "0001_initial")]
    operations = [
        migrations.RunSQL(SAME_TIME, "ALTER TABLE scheduling_participant DROP CONSTRAINT participant_same_time"),
        migrations.RunPython(add_completion_types, migrations.RunPython.noop),
    ]
