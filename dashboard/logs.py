"""Structured logs: a fixed event name, what it was about as fields, and no secrets."""

import json
import logging
import re
from datetime import UTC, datetime

# Django adds the request itself, which shows its whole address: a search in it may be for a person's name.
_LEFT_OUT = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}
_SECRETS = re.compile(
    r"""(?ix)
    ( bearer \s+ | access_token [=:] \s* | api_key [=:] \s* | verifier [=:] \s* | password ['"]? [=:] \s* ['"]? )
    [^\s&"',;]+
    """
)


def redact(text: str) -> str:
    """The text without what follows a word that announces a secret."""
    return _SECRETS.sub(r"\1[hidden]", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, event, then the fields given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update((key, value) for key, value in vars(record).items() if key not in _LEFT_OUT and key[0] != "_")
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, default=str, ensure_ascii=False))
