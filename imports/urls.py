"""Every address of this app, below /c/<the Canvas account>/."""

from django.urls import path

from imports import views

app_name = "imports"

urlpatterns = [
    # The history
    path("imports/", views.list_, name="list"),
    path("imports/changes/", views.changes, name="changes"),
    path("imports/abort-waiting/", views.abort_all, name="abort_all"),
    # From files to a launch
    path("imports/new/", views.new, name="new"),
    path("imports/samples/<slug:name>.zip", views.sample, name="sample"),
    path("uploads/<uuid:pk>/", views.upload, name="upload"),
    path("uploads/<uuid:pk>/state/", views.upload_state, name="upload_state"),
    path("uploads/<uuid:pk>/files/<int:file_pk>/", views.uploaded_file, name="uploaded_file"),
    path("uploads/<uuid:pk>/csvs/<int:csv_pk>/utf-8/", views.converted_csv, name="converted_csv"),
    path("uploads/<uuid:pk>/csvs/<int:csv_pk>/use-utf-8/", views.use_converted, name="use_converted"),
    # What the check says
    path("uploads/<uuid:pk>/check/", views.check, name="check"),
    path("uploads/<uuid:pk>/lines/", views.lines, name="lines"),
    path("uploads/<uuid:pk>/checks/<int:check_pk>/<slug:name>.zip", views.checked_files, name="checked_files"),
    path("rules/", views.house_rules, name="house_rules"),
    # What it would change, and the limits on that
    path("uploads/<uuid:pk>/forecast/", views.forecast, name="forecast"),
    path("uploads/<uuid:pk>/forecasts/<int:forecast_pk>/", views.forecast_state, name="forecast_state"),
    path("uploads/<uuid:pk>/forecasts/<int:forecast_pk>.csv", views.forecast_csv, name="forecast_csv"),
    path("uploads/<uuid:pk>/forecasts/<int:forecast_pk>/rehearse/", views.rehearse, name="rehearse"),
    path("uploads/<uuid:pk>/rehearsals/<int:rehearsal_pk>/", views.rehearsal, name="rehearsal"),
    path("uploads/<uuid:pk>/rehearsals/<int:rehearsal_pk>/cancel/", views.rehearsal_cancel, name="rehearsal_cancel"),
    path("uploads/<uuid:pk>/rehearsals/<int:rehearsal_pk>.csv", views.rehearsal_csv, name="rehearsal_csv"),
    path("limits/", views.limits, name="limits"),
    path("limits/<int:pk>/remove/", views.limit_remove, name="limit_remove"),
    # One import
    path("imports/<int:pk>/", views.detail, name="detail"),
    path("imports/<int:pk>/status/", views.status, name="status"),
    path("imports/<int:pk>/messages/", views.messages, name="messages"),
    path("imports/<int:pk>/messages.csv", views.messages_csv, name="messages_csv"),
    path("imports/<int:pk>/abort/", views.abort, name="abort"),
    path("imports/<int:pk>/restore/", views.restore, name="restore"),
    path("imports/<int:pk>/hold/", views.hold, name="hold"),
    path("imports/<int:pk>/send-again/", views.send_again, name="send_again"),
    path("imports/<int:pk>/recognise/", views.recognise, name="recognise"),
]
