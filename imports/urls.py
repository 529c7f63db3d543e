"""Every address of this app, below /c/<the Canvas account>/."""

from django.urls import URLPattern

app_name = "imports"

urlpatterns: list[URLPattern] = []
