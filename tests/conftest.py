"""One embedded cluster and one migrated template for the whole run; a clone of it for each test that commits."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections

from audit import guards
from audit.database import close_connections
from config.embedded import VARIABLES, Cluster
from config.installation import Installation
from tests.migrated import load_migrated

TEMPLATE = "brightline_template"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The embedded server, without durability."""
    server = Cluster(tmp_path_factory.mktemp("cluster"), durable=False)
    server.ensure()
    yield server
    server.destroy()


def point_to(urls: dict[str, str]) -> None:
    """The default connection is the application's login to this database; the other logins go to the environment."""
    import environ

    close_connections()
    wanted = environ.Env.db_url_config(urls["app"])
    connections["default"].settings_dict.update(
        {key: wanted[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    for login, variable in (
        ("app", "DATABASE_URL"),
        ("reader", "READER_DATABASE_URL"),
        ("checkpointer", "CHECKPOINTER_DATABASE_URL"),
    ):
        os.environ[variable] = urls[login]


def migrate() -> None:
    """As the owner, to whom OWNER_DATABASE_URL leads; nobody stays connected, so the database can be cloned."""
    call_command("migrate", verbosity=0)
    close_connections()


@pytest.fixture(scope="session")
def template(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> str:
    """A migrated database without rows of ours; every pool to it is closed, so it can be cloned."""
    cluster.create_database(TEMPLATE)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        os.environ["OWNER_DATABASE_URL"] = cluster.urls(TEMPLATE)["owner"]
        point_to(cluster.urls(TEMPLATE))
        load_migrated(cluster, TEMPLATE, migrate)
        del os.environ["OWNER_DATABASE_URL"]
    return TEMPLATE


class Database:
    """A committed test's own database, with each of its logins."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self.urls = cluster.urls(name)

    def connect(self, login: str) -> psycopg.Connection:
        """A connection of its own, autocommit, as one of the logins or the superuser."""
        url = self.cluster.superuser_url(self.name) if login == "superuser" else self.urls[login]
        return psycopg.connect(url, autocommit=True)


def clone(cluster: Cluster, blocker: object, template: str) -> Iterator[Database]:
    """A database of its own for one test, made from a template."""
    name = f"test_{uuid4().hex[:12]}"
    cluster.create_database(name, template=template)
    database = Database(cluster, name)
    with blocker.unblock():  # type: ignore[attr-defined]
        point_to(database.urls)
        with database.connect("reader") as reader:
            assert guards.deviations(reader) == []
        _at_hand.append(database)
        yield database
        _at_hand.remove(database)
        close_connections()
    cluster.drop_database(name)


_at_hand: list[Database] = []


@contextmanager
def unguarded() -> Iterator[None]:
    """For rows of a past that a test writes in one act: guards that tie rows to their moment and act rest meanwhile.

    Completeness and append-only triggers stay; afterwards every guard is enabled always again.
    """
    triggers = [(t.table, t.name) for name in django_settings.DATABASE_GUARDS for t in import_module(name).TRIGGERS]
    with _at_hand[-1].connect("superuser") as connection:
        for table, name in triggers:
            connection.execute(f"alter table {table} disable trigger {name}")
        try:
            yield
        finally:
            for table, name in triggers:
                connection.execute(f"alter table {table} enable always trigger {name}")


@pytest.fixture
def database(cluster: Cluster, template: str, django_db_blocker: object) -> Iterator[Database]:
    """An empty, migrated database in which transactions really commit."""
    yield from clone(cluster, django_db_blocker, template)


@pytest.fixture(autouse=True)
def _file_store(tmp_path: Path, settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SEQUESTER_KEY_FOLDER = str(tmp_path / "sequester")  # type: ignore[attr-defined]
    settings.SEAL_KEY_FOLDER = str(tmp_path / "seal")  # type: ignore[attr-defined]


def people(cluster: Cluster, template: str, blocker: object, *, name: str, founded: datetime | None = None) -> str:
    """A template with the practice of `tests.cast` in it, founded now or at that moment of the past."""
    from tests.cast import PASSWORD, found

    name = f"{TEMPLATE}_{name}"
    cluster.create_database(name, template=template)
    with blocker.unblock():  # type: ignore[attr-defined]
        point_to(cluster.urls(name))
        found(at=founded)
        from governance.models import Account, Mail

        # Nor does the log of sign-ins begin with these passwords, which the database would note.
        with psycopg.connect(cluster.superuser_url(name), autocommit=True) as superuser:
            superuser.execute("alter table governance_account disable trigger brightline_noted")
            for account in Account.objects.all():
                account.set_password(PASSWORD)
                account.save()
            superuser.execute("alter table governance_account enable always trigger brightline_noted")
        # Nobody waits for the invitations of those who are all in.
        Mail.objects.all().delete()
        close_connections()
    return name


@pytest.fixture(scope="session")
def peopled(cluster: Cluster, template: str, django_db_blocker: object) -> str:
    """A template with the practice of `tests.cast` founded in it."""
    return people(cluster, template, django_db_blocker, name="peopled")


@pytest.fixture
def house(cluster: Cluster, peopled: str, django_db_blocker: object) -> Iterator[Database]:
    """A database of its own with the practice and its people in it."""
    yield from clone(cluster, django_db_blocker, peopled)


@pytest.fixture
def cast(house: Database) -> object:
    """The people of that practice."""
    from tests.cast import recall

    return recall()


@pytest.fixture(scope="session")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installation that loads the demonstration; its papers lie below ``files``."""
    return tmp_path_factory.mktemp("loader")


@pytest.fixture(scope="session")
def told(cluster: Cluster, template: str, loader: Path) -> str:
    """A template with the demonstration in it, loaded as an operator loads it: by the command, as the application."""
    name = f"{TEMPLATE}_told"
    cluster.create_database(name, template=template)
    given = {VARIABLES[login]: url for login, url in cluster.urls(name).items()}
    given |= {"PATH": os.environ["PATH"], "DEMONSTRATION": "1"}
    Installation(loader, given=given).manage("load_demo", logins=("app",))
    return name


@pytest.fixture
def demonstration(
    cluster: Cluster, told: str, loader: Path, tmp_path: Path, django_db_blocker: object
) -> Iterator[Database]:
    """A database of its own with the demonstration's fourteen months in it, and its papers in the store."""
    shutil.copytree(loader / "files", tmp_path / "files", dirs_exist_ok=True)
    yield from clone(cluster, django_db_blocker, told)
