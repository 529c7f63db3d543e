"""Tables of uploads, checks, forecasts, rehearsals, runs, holds, messages, actions, and the watch over each account."""

from imports.models.actions import Action
from imports.models.checks import Check, FindingGroup, HouseRules
from imports.models.forecasts import Forecast, Lesson
from imports.models.holds import Hold, Limit
from imports.models.messages import Message, MessagePattern
from imports.models.rehearsals import Rehearsal
from imports.models.runs import ImportRun
from imports.models.uploads import Upload, UploadedCsv, UploadedFile
from imports.models.watches import Heartbeat, Watch

__all__ = [
    "Action",
    "Check",
    "FindingGroup",
    "Forecast",
    "Heartbeat",
    "Hold",
    "HouseRules",
    "ImportRun",
    "Lesson",
    "Limit",
    "Message",
    "MessagePattern",
    "Rehearsal",
    "Upload",
    "UploadedCsv",
    "UploadedFile",
    "Watch",
]
