"""Gunicorn's configuration. Threads, so that a slow upload holds one thread and not a whole worker."""

import os

bind = f"{os.environ.get('EASEL_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("EASEL_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("EASEL_WEB_THREADS", "8"))
# Counts silence of the worker, not the length of a request: a slow client may take hours.
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = None
errorlog = "-"
loglevel = "warning"
