import core.notifications.rules.channels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0022_arrivals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_once_each_time',
        ),
        migrations.AddField(
            model_name='reminder',
            name='channel',
            field=models.CharField(db_default='email', default=core.notifications.rules.channels.Channel['EMAIL'], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('user', 'appointment', 'starts_at', 'minutes_before', 'channel'), name='reminder_once_by_channel'),
        ),
    ]
