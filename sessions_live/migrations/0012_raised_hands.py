from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_live', '0011_videos'),
    ]

    operations = [
        migrations.AddField(
            model_name='admission',
            name='hand_raised_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
