import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('waiting_list', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitingoffer',
            name='apart_from',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)), default=list, size=None),
        ),
    ]
