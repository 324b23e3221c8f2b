"""No governed row changes without its history and its act, by whatever road: everything is refused at commit."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit.acts import Act, NoAct, current, open_act, seal, service
from audit.models import Act as SealedAct
from audit.models import Entry
from governance import authority
from governance.models import Site
from tests.cast import Cast
from tests.conftest import Database


def opened(cast: Cast) -> None:
    """Begin a lawful act on the practice's sites."""
    authority.exercise(actor=cast.director, practice=cast.practice, right="DR-21", verb="site.renamed")


def keep_history(site: Site) -> None:
    """Write history of a change that the row itself did not see."""
    act = current()
    row = Site.history.model(
        history_date=act.opened_at,
        history_type="~",
        history_user_id=act.actor_id,
        history_change_reason=act.reason,
        act_id=act.id,
        actor_name=act.actor_name,
        office_name=act.office_name,
        request=act.request,
        **{field.attname: getattr(site, field.attname) for field in Site._meta.concrete_fields},
    )
    row.save()
    act.touch(row._meta.db_table, row.history_id)


@pytest.fixture(autouse=True)
def _nothing_is_left(cast: Cast) -> Any:
    """Whatever is tried, rows, history and entries are as before."""

    def state() -> tuple[Any, ...]:
        return (
            sorted(Site.objects.values_list("pk", "name")),
            Site.history.count(),
            Entry.objects.count(),
            SealedAct.objects.count(),
        )

    before = state()
    yield
    assert state() == before


def test_saving_outside_an_act(cast: Cast) -> None:
    site = cast.satellite
    site.name = "Elsewhere"
    with pytest.raises(IntegrityError, match="differs from its newest history"):
        site.save()
    with pytest.raises(NoAct), transaction.atomic():
        site.save()


def test_queryset_update_outside_an_act(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="differs from its newest history"):
        Site.objects.filter(pk=cast.satellite.pk).update(name="Elsewhere")


def test_queryset_update_inside_an_act(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        Site.objects.filter(pk=cast.satellite.pk).update(name="Elsewhere")

    with pytest.raises(IntegrityError, match=r"differs from its newest history \(name\)"):
        write()


def test_bulk_create_inside_an_act(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        Site.objects.bulk_create([Site(practice=cast.practice, name="Planted", city="Hemet", opened_on=site.opened_on)])

    with pytest.raises(IntegrityError, match="has no history"):
        write()


def test_bulk_update_inside_an_act(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        site.name = "Elsewhere"
        Site.objects.bulk_update([site], ["name"])

    with pytest.raises(IntegrityError, match="differs from its newest history"):
        write()


@pytest.mark.parametrize("login", ["app", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "update governance_site set name = 'Elsewhere' where not flagship",
        "update governance_site set name = name where not flagship",
        "insert into governance_site (practice_id, name, city, flagship, opened_on)"
        " select practice_id, 'Planted', city, false, opened_on from governance_site limit 1",
        "delete from governance_site where not flagship",
        "insert into governance_historicalsite select * from governance_historicalsite limit 1",
    ],
)
def test_raw_sql(statement: str, login: str, house: Database) -> None:
    with house.connect(login) as connection, pytest.raises(psycopg.errors.DatabaseError):
        connection.execute(statement)


def plant(connection: psycopg.Connection, act: object, **changed: object) -> None:
    """Change a site and write the history for it, as of this act."""
    values = {"act_id": act, "name": "Elsewhere", "history_type": "~", **changed}
    columns = [
        name
        for (name,) in connection.execute(
            "select attname from pg_attribute where attrelid = 'governance_historicalsite'::regclass and attnum > 0"
            " and attname <> 'history_id' order by attnum"
        ).fetchall()
    ]
    chosen = ", ".join(f"%({name})s" if name in values else name for name in columns)
    connection.execute("update governance_site set name = 'Elsewhere' where not flagship")
    connection.execute(
        f"insert into governance_historicalsite ({', '.join(columns)}) select {chosen} from governance_historicalsite"
        " where not flagship order by history_id desc limit 1",
        values,
    )


def test_history_for_a_sealed_act(house: Database) -> None:
    act = SealedAct.objects.filter(verb="site.opened").latest("recorded_at")
    with (
        house.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="is sealed already"),
        app.transaction(),
    ):
        plant(app, act.pk)


def test_history_for_an_act_that_does_not_exist(house: Database) -> None:
    with house.connect("app") as app, pytest.raises(psycopg.errors.DatabaseError), app.transaction():
        plant(app, uuid4())


def test_planting_for_the_act_of_a_later_transaction(cast: Cast, house: Database) -> None:
    """The act's id is known beforehand, but its seal comes in another transaction."""
    coming = uuid4()
    with house.connect("app") as app, pytest.raises(psycopg.errors.CheckViolation), app.transaction():
        plant(app, coming)


def test_second_write_after_the_seal(cast: Cast) -> None:
    """A write that follows the seal in the same transaction finds its act closed."""
    with pytest.raises(DatabaseError, match="sealed already"), transaction.atomic():
        writes_after_its_seal(cast)


def writes_after_its_seal(cast: Cast) -> None:
    from audit import acts

    token = acts._current.set(None)
    try:
        opened(cast)
        seal(current())
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()
    finally:
        acts._current.reset(token)


def test_history_that_names_another_actor(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        act = current()
        true, act.actor_name = act.actor_name, "Somebody Else"
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()
        act.actor_name = true

    with pytest.raises(IntegrityError, match="names another actor than its act"):
        write()


def test_an_act_that_hides_what_it_wrote(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()
        current().rows.clear()

    with pytest.raises(IntegrityError, match="does not commit to the history"):
        write()


def test_history_of_a_change_that_was_not_made(cast: Cast) -> None:
    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        site.name = "Elsewhere"
        keep_history(site)

    with pytest.raises(IntegrityError, match=r"differs from its newest history \(name\)"):
        write()


def test_history_that_lies_behind_the_newest(cast: Cast) -> None:
    """Two history rows in the wrong order: the older one is the row, the newer one is not."""

    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()
        site.name = "Nowhere"
        keep_history(site)

    with pytest.raises(IntegrityError, match=r"differs from its newest history \(name\)"):
        write()


def test_a_change_after_an_early_check(cast: Cast) -> None:
    """Who has the checks run before the commit, and then changes the row once more, is refused all the same."""

    @service
    def write() -> None:
        opened(cast)
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()
        seal(current())
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("update governance_site set name = 'Nowhere' where id = %s", [site.pk])

    with pytest.raises(IntegrityError, match=r"differs from its newest history \(name\)"):
        write()


def test_a_recorded_row_outside_an_act(house: Database) -> None:
    with house.connect("app") as app, pytest.raises(psycopg.errors.ForeignKeyViolation):
        app.execute(
            "insert into audit_document (act_id, practice, kind, title, object_type, object_id, compartment, sha256,"
            " size, media_type, sealed_at) select gen_random_uuid(), null, '', '', '', '', '', '', 0, '', now()"
        )


def test_a_system_act_seals_documents_and_nothing_else(cast: Cast) -> None:
    @service
    def write() -> None:
        open_act(Act(verb="document.sealed", capacity="system", practice_id=cast.practice.pk))
        site = cast.satellite
        site.name = "Elsewhere"
        site.save()

    with pytest.raises(DatabaseError, match="may not write"):
        write()
