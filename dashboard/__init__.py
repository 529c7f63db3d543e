"""The project package and the front page: settings, wiring, the overview over all Canvas accounts."""

from dashboard.celery import app as celery_app

__all__ = ["celery_app"]
