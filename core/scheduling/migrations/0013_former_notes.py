import django.db.models.deletion
from django.db import migrations, models

import core.kernel.ids


class Migration(migrations.Migration):
    """What the note of an appointment said before an edit. The release before keeps none."""

    dependencies = [
        ('scheduling', '0012_names_in_reading_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerNote',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.UUIDField(unique=True)),
                ('text', models.CharField(max_length=1000)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_notes', to='scheduling.appointment')),
            ],
        ),
    ]
