import core.kernel.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0026_open_groups'),
        ('sessions_live', '0014_in_call_tools'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuestInvitation',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.CharField(max_length=254)),
                ('invited_at', models.DateTimeField()),
                ('times_sent', models.PositiveSmallIntegerField(default=1)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guest_invitations', to='scheduling.appointment')),
                ('guest', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='sessions_live.linkguest')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['invited_at', 'id'],
                'constraints': [
                    models.UniqueConstraint(models.F('appointment'), django.db.models.functions.text.Lower('email'), condition=models.Q(('withdrawn_at', None)), name='guestinvitation_once_per_address'),
                    models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='guestinvitation_withdrawn_by_somebody'),
                ],
            },
        ),
    ]
