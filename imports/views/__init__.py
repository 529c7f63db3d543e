"""The pages of this app, by noun."""

from imports.views.actions import abort, abort_all, recognise, restore, send_again
from imports.views.checks import check, checked_files, house_rules, lines
from imports.views.converting import converted_csv, use_converted
from imports.views.forecasts import forecast, forecast_csv, forecast_state
from imports.views.history import changes, list_
from imports.views.holds import hold, limit_remove, limits
from imports.views.messages import messages, messages_csv
from imports.views.rehearsals import rehearsal, rehearsal_cancel, rehearsal_csv, rehearse
from imports.views.runs import detail, status
from imports.views.uploads import new, sample, upload, upload_state, uploaded_file

__all__ = [
    "abort",
    "abort_all",
    "changes",
    "check",
    "checked_files",
    "converted_csv",
    "detail",
    "forecast",
    "forecast_csv",
    "forecast_state",
    "hold",
    "house_rules",
    "limit_remove",
    "limits",
    "lines",
    "list_",
    "messages",
    "messages_csv",
    "new",
    "recognise",
    "rehearsal",
    "rehearsal_cancel",
    "rehearsal_csv",
    "rehearse",
    "restore",
    "sample",
    "send_again",
    "status",
    "upload",
    "upload_state",
    "uploaded_file",
    "use_converted",
]
