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
    path("courses/<int:canvas_id>/", views.rollups, name="rollups"),
    path("courses/<int:canvas_id>/reading/", views.reading, name="reading"),
    path("courses/<int:canvas_id>/outcomes/<int:outcome_id>/", views.measured_outcome, name="measured_outcome"),
    path("courses/<int:canvas_id>/outcomes/<int:outcome_id>/students/<int:user_id>/", views.cell, name="cell"),
    path("courses/<int:canvas_id>/order/", views.order, name="order"),
    path("courses/<int:canvas_id>/order/state/", views.order_state, name="order_state"),
    path("courses/<int:canvas_id>/rollups.csv", views.rollups_csv, name="rollups_csv"),
    path("courses/<int:canvas_id>/rollups.xlsx", views.rollups_xlsx, name="rollups_xlsx"),
    path("courses/<int:canvas_id>/canvas.csv", views.canvas_csv, name="canvas_csv"),
    # Trees of groups and outcomes
    path("tree/", views.tree, name="tree"),
    path("tree/places/", views.tree_places, name="tree_places"),
    path("tree/<slug:place>/", views.tree, name="tree"),
    path("tree/<slug:place>/read-again/", views.read_again, name="read_again"),
    path("tree/<slug:place>/groups/<int:group>/", views.tree_group, name="tree_group"),
    # Single outcomes
    path("outcome/<int:canvas_id>/", views.outcome, name="outcome"),
    path("outcome/<int:canvas_id>/edit/", views.edit_outcome, name="edit_outcome"),
    # Programs
    path("programs/", views.programs, name="programs"),
    path("programs/new/", views.program_new, name="program_new"),
    path("programs/smallest-group/", views.smallest_group_policy, name="smallest_group_policy"),
    path("programs/<int:pk>/", views.program, name="program"),
    path("programs/<int:pk>/progress/", views.program_progress, name="program_progress"),
    path("programs/<int:pk>/edit/", views.program_edit, name="program_edit"),
    path("programs/<int:pk>/archive/", views.program_archive, name="program_archive"),
    path("programs/<int:pk>/bring-back/", views.program_bring_back, name="program_bring_back"),
    path("programs/<int:pk>/collect/", views.program_collect, name="program_collect"),
    path("programs/<int:pk>/retry/", views.program_retry, name="program_retry"),
    path("programs/<int:pk>/figures.csv", views.program_csv, name="program_csv"),
    path("programs/<int:pk>/figures.xlsx", views.program_xlsx, name="program_xlsx"),
    path("programs/<int:pk>/report/", views.program_report, name="program_report"),
    path("programs/<int:pk>/courses/", views.program_courses, name="program_courses"),
    path("programs/<int:pk>/courses/rules/<int:place>/remove/", views.course_rule_remove, name="course_rule_remove"),
    path("programs/<int:pk>/courses/<int:canvas_id>/place/", views.course_place, name="course_place"),
    path("programs/<int:pk>/outcomes/", views.program_outcomes, name="program_outcomes"),
    path("programs/<int:pk>/outcomes/rules/<int:place>/remove/", views.outcome_rule_remove, name="outcome_rule_remove"),
    path("programs/<int:pk>/students/", views.program_students, name="program_students"),
    path("programs/<int:pk>/students/<int:user_id>/", views.program_student, name="program_student"),
    # Snapshots of programs
    path("programs/<int:pk>/snapshots/", views.snapshots, name="snapshots"),
    path("programs/<int:pk>/snapshots/compare/", views.snapshots_compare, name="snapshots_compare"),
    path("programs/<int:pk>/snapshots/<int:number>/", views.snapshot, name="snapshot"),
    path("programs/<int:pk>/snapshots/<int:number>/rename/", views.snapshot_rename, name="snapshot_rename"),
    path("programs/<int:pk>/snapshots/<int:number>/delete/", views.snapshot_delete, name="snapshot_delete"),
    path("programs/<int:pk>/snapshots/<int:number>/figures.csv", views.snapshot_csv, name="snapshot_csv"),
    path("programs/<int:pk>/snapshots/<int:number>/figures.xlsx", views.snapshot_xlsx, name="snapshot_xlsx"),
    path("programs/<int:pk>/snapshots/<int:number>/report/", views.snapshot_report, name="snapshot_report"),
]
