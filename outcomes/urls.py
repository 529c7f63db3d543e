"""Every address of this app, below /c/<the Canvas account>/outcomes/."""

from django.urls import path

from outcomes import views

app_name = "outcomes"

urlpatterns = [
    # Courses and their rollups
    path("courses/", views.courses, name="courses"),
    path("courses/list-again/", views.list_again, name="list_again"),
    path("courses/<int:canvas_id>/read/", views.read, name="read"),
]
