import core.kernel.ids
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_message_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField(db_index=True)),
                ('device_id', models.BigIntegerField(db_index=True, null=True)),
                ('device', models.CharField(blank=True, max_length=60)),
                ('endpoint', models.URLField(max_length=1000, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ChannelPreference',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('topic', models.CharField(max_length=20)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user_id', 'topic'), name='channel_preference_once')],
            },
        ),
        migrations.CreateModel(
            name='NotificationSettings',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('is_current', models.BooleanField(default=True)),
                ('has_push', models.BooleanField(default=True)),
                ('push_text', models.CharField(choices=[('neutral', 'Only that there is something new'), ('subject', 'What it is about, as behind the bell')], default='neutral', max_length=10)),
                ('usual', models.JSONField(blank=True, default=dict)),
                ('push_public_key', models.CharField(blank=True, max_length=100)),
                ('push_private_key', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'notification settings',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='notificationsettings_one_current')],
            },
        ),
    ]
