"""Opens the circumstances of an act around each request, and ends sessions that were left alone."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from audit.context import acting
from governance import idle


class ActingMiddleware:
    """Gives each request an id; its acts carry it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(via="web", request=uuid4().hex):
            return self.get_response(request)


class IdleMiddleware:
    """Ends a session in which nothing was done for too long. It stands after CsrfViewMiddleware, which speaks first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        return idle.look(request, view, kwargs)
