"""Pages in the time zone of the person who reads them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.zones import zone

Handler = Callable[[HttpRequest], HttpResponseBase]


class PersonMiddleware:
    """The current time zone is the one the person chose, else UTC, which the browser's script turns into its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.user.time_zone if request.user.is_authenticated else ""
        with timezone.override(zone(chosen)):
            return self.get_response(request)
