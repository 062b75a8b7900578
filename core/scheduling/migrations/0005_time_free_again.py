import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models

import core.scheduling.models.appointments

# What was missed, or over before its time, and lies within the month for which appointments can still be written down.
FREE_AGAIN = """
UPDATE scheduling_appointment a
SET free_from = CASE WHEN t.outcome = 'missed' THEN a.starts_at ELSE GREATEST(c.completed_at, a.starts_at) END
FROM scheduling_completion c JOIN scheduling_completiontype t ON t.id = c.completion_type_id
WHERE c.appointment_id = a.id AND (t.outcome = 'missed' OR c.completed_at < a.ends_at) AND a.ends_at > now() - interval '32 days';
UPDATE scheduling_participant p
SET free_from = CASE WHEN t.outcome = 'missed' THEN p.starts_at ELSE GREATEST(c.completed_at, p.starts_at) END
FROM scheduling_attendance d JOIN scheduling_completion c ON c.id = d.completion_id
    JOIN scheduling_completiontype t ON t.id = d.completion_type_id
WHERE d.participant_id = p.id AND (t.outcome = 'missed' OR c.completed_at < p.ends_at) AND p.ends_at > now() - interval '32 days'
"""


class Migration(migrations.Migration):
    """The time of an appointment that is over is free again. The release before writes nothing here, and holds it to the planned end."""

    dependencies = [("people", "0005_reason_of_first_assignments"), ("scheduling", "0004_fixed_uid")]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='free_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='participant',
            name='free_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FREE_AGAIN, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='appointment_practitioner_free',
        ),
        migrations.RemoveConstraint(
            model_name='participant',
            name='participant_client_free',
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('free_from', None), models.Q(('free_from__gte', models.F('starts_at')), ('free_from__lte', models.F('ends_at'))), _connector='OR'), name='appointment_free_within'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), expressions=[(core.scheduling.models.appointments.TimeRange('starts_at', django.db.models.functions.comparison.Least('ends_at', 'free_from'), django.contrib.postgres.fields.ranges.RangeBoundary()), '&&'), ('practitioner', '=')], name='appointment_practitioner_free'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('free_from', None), models.Q(('free_from__gte', models.F('starts_at')), ('free_from__lte', models.F('ends_at'))), _connector='OR'), name='participant_free_within'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_attending', True)), expressions=[(core.scheduling.models.appointments.TimeRange('starts_at', django.db.models.functions.comparison.Least('ends_at', 'free_from'), django.contrib.postgres.fields.ranges.RangeBoundary()), '&&'), ('client', '=')], name='participant_client_free'),
        ),
    ]
