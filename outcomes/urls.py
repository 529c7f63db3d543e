"""Every address of this app, below /c/<the Canvas account>/outcomes/."""

from django.urls import path

from outcomes import views

app_name = "outcomes"

urlpatterns = [
    # Courses and their rollups
    path("courses/", views.courses, name="courses"),
    path("courses/list-again/", views.list_again, name="list_again"),
    path("courses/<int:canvas_id>/read/", views.read, name="read"),
    path("courses/<int:canvas_id>/", views.rollups, name="rollups"),
    path("courses/<int:canvas_id>/reading/", views.reading, name="reading"),
    path("courses/<int:canvas_id>/outcomes/<int:outcome_id>/", views.measured_outcome, name="measured_outcome"),
    path("courses/<int:canvas_id>/outcomes/<int:outcome_id>/students/<int:user_id>/", views.cell, name="cell"),
    path("courses/<int:canvas_id>/order/", views.order, name="order"),
    path("courses/<int:canvas_id>/order/state/", views.order_state, name="order_state"),
    path("courses/<int:canvas_id>/rollups.csv", views.rollups_csv, name="rollups_csv"),
    path("courses/<int:canvas_id>/rollups.xlsx", views.rollups_xlsx, name="rollups_xlsx"),
    path("courses/<int:canvas_id>/canvas.csv", views.canvas_csv, name="canvas_csv"),
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
