"""The embedded broker: kombu's folder of messages, in which a message appears at once and whole.

Kombu opens the file under its final name and fills it afterwards. A worker that looks in between takes an empty
message, cannot read it, and ends, together with every upload that is under way in it.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # as the parent has it
        """Written under a name that belongs to no queue, then renamed. Raises `OSError`."""
        # They are taken in the order of their names.
        path = Path(self.data_folder_out) / f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        draft = path.with_name(f"{path.name}.draft")
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(path)


class Transport(filesystem.Transport):
    Channel = Channel
