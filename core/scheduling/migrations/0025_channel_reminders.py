import core.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0024_extension_start'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelReminder',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('minutes_before', models.PositiveIntegerField()),
                ('channel', models.CharField(max_length=10)),
                ('sent_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='scheduling.appointment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'appointment', 'starts_at', 'minutes_before', 'channel'), name='channel_reminder_once')],
            },
        ),
        migrations.RunSQL(
            """
            INSERT INTO scheduling_channelreminder (id, user_id, appointment_id, starts_at, minutes_before, channel, sent_at)
            SELECT id, user_id, appointment_id, starts_at, minutes_before, channel, sent_at
            FROM scheduling_reminder WHERE channel <> 'email';
            DELETE FROM scheduling_reminder WHERE channel <> 'email';
            """,
            """
            INSERT INTO scheduling_reminder (id, user_id, appointment_id, starts_at, minutes_before, channel, sent_at)
            SELECT id, user_id, appointment_id, starts_at, minutes_before, channel, sent_at FROM scheduling_channelreminder;
            """,
        ),
    ]
