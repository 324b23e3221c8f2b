"""Opens the circumstances of an act around each request, and tells who is acting."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from audit.context import acting


class ActingMiddleware:
    """Gives each request an id; its acts carry it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(via="web", request=uuid4().hex):
            return self.get_response(request)
