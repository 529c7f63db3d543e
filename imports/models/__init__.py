"""Tables of uploads, checks, forecasts, rehearsals, runs, holds, messages, actions, places, and the watches."""

from imports.models.actions import Action
from imports.models.checks import Check, FindingGroup, HouseRules
from imports.models.forecasts import Forecast, Lesson
from imports.models.holds import Hold, Limit, LimitChange
from imports.models.messages import Message, MessagePattern
from imports.models.outcome_trees import OutcomeTree
from imports.models.places import Course, Directory, SubAccount
from imports.models.rehearsals import Rehearsal
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
    "LimitChange",
    "Message",
    "MessagePattern",
    "OutcomeTree",
    "Rehearsal",
    "SubAccount",
    "Upload",
    "UploadedCsv",
    "UploadedFile",
    "Watch",
]
