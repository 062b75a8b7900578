from django.db import migrations, models

import core.scheduling.models.appointments

# Until now the UID ended in the primary host of the moment at which a file was made. What stands in people's calendars must go on to be found
# by it: so each appointment keeps the host of the last mail that carried a file of it, or today's where none was sent.
KEEP_UIDS = """
WITH here AS (
    SELECT d.domain FROM public.tenants_domain d JOIN public.tenants_organization o ON o.id = d.tenant_id
    WHERE o.schema_name = current_schema() AND d.verified_at IS NOT NULL ORDER BY d.is_primary DESC, d.domain LIMIT 1
), sent AS (
    SELECT DISTINCT ON (about_id) about_id, split_part(btrim(message_id, '<>'), '@', 2) AS host
    FROM notifications_delivery
    WHERE about_kind = 'scheduling.appointment'
        AND kind IN ('appointment_booked', 'appointment_moved', 'appointment_cancelled')
    ORDER BY about_id, created_at DESC
), kept AS (
    SELECT a.id, a.id || '@' || COALESCE(sent.host, (SELECT domain FROM here), 'localhost') AS uid
    FROM scheduling_appointment a LEFT JOIN sent ON sent.about_id = a.id::text WHERE a.uid = ''
)
UPDATE scheduling_appointment a SET uid = kept.uid FROM kept WHERE kept.id = a.id
"""


class Migration(migrations.Migration):
    """A UID that is fixed at booking. The release before writes none: an empty one is read as it would have written it."""

    dependencies = [("scheduling", "0003_search_keys"), ("notifications", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="appointment",
            name="uid",
            field=models.CharField(
                db_default="", default=core.scheduling.models.appointments.new_uid, editable=False, max_length=300
            ),
        ),
        migrations.RunSQL(KEEP_UIDS, migrations.RunSQL.noop),
    ]
