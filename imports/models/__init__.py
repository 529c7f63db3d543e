"""Tables of uploads, runs, messages, actions and of the watch we keep over each Canvas account."""

from imports.models.actions import Action
from imports.models.messages import Message, MessagePattern
from imports.models.runs import ImportRun
from imports.models.uploads import Upload, UploadedCsv, UploadedFile
from imports.models.watches import Heartbeat, Watch

__all__ = [
    "Action",
    "Heartbeat",
    "ImportRun",
    "Message",
    "MessagePattern",
    "Upload",
    "UploadedCsv",
    "UploadedFile",
    "Watch",
]
