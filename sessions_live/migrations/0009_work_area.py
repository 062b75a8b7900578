from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_live', '0007_nouns_in_labels'),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='work_area_hidden',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
