import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_live', '0013_showings'),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='is_locked',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='room',
            name='spotlight',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sessions_live.admission'),
        ),
    ]
