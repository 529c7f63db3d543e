"""The whole URL map."""

from django.urls import include, path

from dashboard import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("c/<slug:slug>/", include("imports.urls")),
    path("c/<slug:slug>/outcomes/", include("outcomes.urls")),
]
