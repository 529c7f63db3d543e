"""The pages of this app, by noun."""

from imports.views.actions import abort, abort_all, recognise, restore, send_again
from imports.views.checks import check, checked_files, house_rules, lines
from imports.views.history import changes, list_
from imports.views.messages import messages, messages_csv
from imports.views.runs import detail, status
from imports.views.uploads import new, sample, upload, upload_state, uploaded_file

__all__ = [
    "abort",
    "abort_all",
    "changes",
    "check",
    "checked_files",
    "detail",
    "house_rules",
    "lines",
    "list_",
    "messages",
    "messages_csv",
    "new",
    "recognise",
    "restore",
    "sample",
    "send_again",
    "status",
    "upload",
    "upload_state",
    "uploaded_file",
]
