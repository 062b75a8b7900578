from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('waiting_list', '0002_apart_from'),
    ]

    operations = [
        migrations.AlterField(
            model_name='waitingentry',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('served', 'Got a time'), ('removed', 'Taken off'), ('ended', 'Ended')], default='waiting', max_length=8),
        ),
    ]
