"""Versions of the catalogue with draft, review and adoption; delegations; what the law reserves to physicians."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import governance.models.offices


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_sign_in_events"),
        ("governance", "0003_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="CatalogueAdoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "holder",
                    models.CharField(
                        choices=[("PC", "Physician side"), ("MSO", "Management side")], default="PC", max_length=3
                    ),
                ),
                ("resolution", models.TextField()),
                ("effective_from", models.DateTimeField()),
                ("adopted_at", models.DateTimeField()),
                ("sole_physician", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "adoption",
            },
        ),
        migrations.CreateModel(
            name="CatalogueDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rights", models.JSONField()),
                ("amended_under", models.CharField(max_length=8)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="CatalogueReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("cleared", "May be adopted"), ("changes", "Needs changes first")], max_length=12
                    ),
                ),
                ("opinion", models.TextField()),
                ("reviewed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "counsel's review",
                "ordering": ["-reviewed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DelegatedAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8, verbose_name="right")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("end_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["practice", "-starts_at", "code"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDelegation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_name", models.TextField(editable=False)),
                ("office_name", models.TextField(editable=False)),
                ("request", models.TextField(editable=False)),
                ("history_user_id", models.UUIDField(null=True)),
                ("code", models.CharField(max_length=8, verbose_name="right")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("end_reason", models.TextField(blank=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical delegation",
                "verbose_name_plural": "historical delegations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="amended_under",
            field=models.CharField(default="DR-34", max_length=8, verbose_name="its successor is adopted under"),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="base",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.catalogueversion",
                verbose_name="drafted from",
            ),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="closing_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("starter", "Draft for counsel"),
                    ("proposed", "Proposed"),
                    ("adopted", "Adopted"),
                    ("set aside", "Set aside"),
                ],
                default="starter",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="catalogueversion",
            name="summary",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="decisionright",
            name="reserved",
            field=models.BooleanField(default=False, verbose_name="reserved to physicians by law"),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="amended_under",
            field=models.CharField(default="DR-34", max_length=8, verbose_name="its successor is adopted under"),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="base",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.catalogueversion",
                verbose_name="drafted from",
            ),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="closing_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.person",
            ),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("starter", "Draft for counsel"),
                    ("proposed", "Proposed"),
                    ("adopted", "Adopted"),
                    ("set aside", "Set aside"),
                ],
                default="starter",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="historicalcatalogueversion",
            name="summary",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="catalogueversion",
            name="effective_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="historicalcatalogueversion",
            name="effective_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="catalogueversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adopted_on__isnull", True), ("effective_from__isnull", False), ("state", "starter")),
                    models.Q(("adopted_on__isnull", False), ("effective_from__isnull", False), ("state", "adopted")),
                    models.Q(
                        ("adopted_on__isnull", True),
                        ("effective_from__isnull", True),
                        ("state__in", ["proposed", "set aside"]),
                    ),
                    _connector="OR",
                ),
                name="governance_catalogue_rules_once_adopted",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionright",
            constraint=models.CheckConstraint(
                condition=models.Q(("holder", "PC"), ("reserved", False), _connector="OR"),
                name="governance_right_reserved_to_the_pc",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exercised_by", ["mso"]), ("holder", "MSO")),
                    models.Q(
                        ("holder", "PC"),
                        models.Q(("exercised_by", []), _negated=True),
                        models.Q(("exercised_by__contains", ["mso"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="governance_right_exercised_by_its_holder",
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.person",
                verbose_name="adopted by",
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="proposer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="right",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.decisionright"
            ),
        ),
        migrations.AddField(
            model_name="catalogueadoption",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="adoption", to="governance.catalogueversion"
            ),
        ),
        migrations.AddField(
            model_name="cataloguedraft",
            name="base",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.catalogueversion"
            ),
        ),
        migrations.AddField(
            model_name="cataloguedraft",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="cataloguedraft",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.practice"
            ),
        ),
        migrations.AddField(
            model_name="cataloguereview",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="cataloguereview",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.person",
                verbose_name="counsel",
            ),
        ),
        migrations.AddField(
            model_name="cataloguereview",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="governance.catalogueversion"
            ),
        ),
        migrations.AddField(
            model_name="delegatedact",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="delegate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations_held", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="delegator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations_given", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="governance.practice"
            ),
        ),
        migrations.AddField(
            model_name="delegatedact",
            name="delegation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="governance.delegation"
            ),
        ),
        migrations.AddField(
            model_name="historicaldelegation",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="historicaldelegation",
            name="delegate",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.person",
            ),
        ),
        migrations.AddField(
            model_name="historicaldelegation",
            name="delegator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.person",
            ),
        ),
        migrations.AddField(
            model_name="historicaldelegation",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.person",
            ),
        ),
        migrations.AddField(
            model_name="historicaldelegation",
            name="practice",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.practice",
            ),
        ),
        migrations.AddConstraint(
            model_name="catalogueadoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("holder", "PC")), name="governance_adoption_by_the_pc"
            ),
        ),
        migrations.AddConstraint(
            model_name="catalogueadoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposer__isnull", True),
                    models.Q(("person", models.F("proposer")), _negated=True),
                    ("sole_physician", True),
                    _connector="OR",
                ),
                name="governance_adoption_not_by_the_proposer",
            ),
        ),
        migrations.AddConstraint(
            model_name="cataloguedraft",
            constraint=models.UniqueConstraint(fields=("practice", "person"), name="governance_one_catalogue_draft"),
        ),
        migrations.AddConstraint(
            model_name="cataloguereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("opinion", ""), _negated=True), name="governance_review_with_opinion"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gte", models.F("starts_at"))), name="governance_delegation_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("delegator", models.F("delegate")), _negated=True),
                name="governance_delegation_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="governance_delegation_with_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_by__isnull", True)),
                    models.Q(("ended_by__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="governance_delegation_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("practice", "="),
                    ("delegator", "="),
                    ("code", "="),
                    (
                        governance.models.offices.Period(
                            "starts_at", "ends_at", django.contrib.postgres.fields.ranges.RangeBoundary()
                        ),
                        "&&",
                    ),
                ],
                name="governance_delegated_once",
            ),
        ),
    ]
