"""Tables of uploads, checks, forecasts, runs, holds, messages, actions, places, and the watch over each account."""

from imports.models.actions import Action
from imports.models.checks import Check, FindingGroup, HouseRules
from imports.models.forecasts import Forecast, Lesson
from imports.models.holds import Hold, Limit
from imports.models.messages import Message, MessagePattern
from imports.models.outcome_trees import OutcomeTree
from imports.models.places import Course, Directory, SubAccount
from imports.models.runs import ImportRun
from imports.models.uploads import Upload, UploadedCsv, UploadedFile
from imports.models.watches import Heartbeat, Watch

__all__ = [
    "Action",
    "Check",
    "Course",
    "Directory",
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
    "OutcomeTree",
    "SubAccount",
    "Upload",
    "UploadedCsv",
    "UploadedFile",
    "Watch",
]
