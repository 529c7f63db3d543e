"""Pages for one person: in that person's time zone, and kept nowhere on the way."""

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
            response = self.get_response(request)
        if request.user.is_authenticated:
            # Pages hold personal data: neither a proxy nor the next person at this browser may see them again.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
