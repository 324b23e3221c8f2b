"""The logins of the database, and how a command takes another than the application's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper


def close_connections() -> None:
    """Close the default connection and its pool, so that its settings can change."""
    connection = connections["default"]
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool:
        close_pool()


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for what every act asks: the server plans its statements once for a connection, not each time.

    Values go apart from the text, as PREPARE wants it; Django's own cursors write them into it.
    """
    connection.ensure_connection()
    wrap: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with psycopg.Cursor(connection.connection) as cursor:
        yield wrap(cursor)


@contextmanager
def using(url: str) -> Iterator[None]:
    """The default connection is this URL's, without a pool, until the block ends."""
    wanted = environ.Env.db_url_config(url)
    connection = connections["default"]
    before = dict(connection.settings_dict)
    close_connections()
    connection.settings_dict.update(
        {key: wanted[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}, OPTIONS={"prepare_threshold": 0}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def reader_url(environment: Mapping[str, str]) -> str:
    """The reader's URL from the environment, or the application's, which may read what it needs too."""
    url = environment.get("READER_DATABASE_URL") or environment.get("DATABASE_URL")
    if url:
        return url
    own = settings.DATABASES["default"]
    return f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
