import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0018_cases_filled")]
    operations = [
        migrations.AlterField(
            model_name="case",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cases", to="listening.brand"
            ),
        )
    ]
