"""Every address of this app, below /c/<the Canvas account>/outcomes/."""

from django.urls import path

from outcomes import views

app_name = "outcomes"

urlpatterns = [
    # Courses and their rollups
    path("courses/", views.courses, name="courses"),
    path("courses/list-again/", views.list_again, name="list_again"),
    path("courses/<int:canvas_id>/read/", views.read, name="read"),
    path("courses/<int:canvas_id>/alignments/", views.alignments, name="alignments"),
    # Trees of groups and outcomes
    path("tree/", views.tree, name="tree"),
    path("tree/places/", views.tree_places, name="tree_places"),
    path("tree/<slug:place>/", views.tree, name="tree"),
    path("tree/<slug:place>/read-again/", views.read_again, name="read_again"),
    path("tree/<slug:place>/groups/<int:group>/", views.tree_group, name="tree_group"),
    # Single outcomes
    path("outcome/<int:canvas_id>/", views.outcome, name="outcome"),
    path("outcome/<int:canvas_id>/edit/", views.edit_outcome, name="edit_outcome"),
]
