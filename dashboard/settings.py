"""The only settings file. What differs between places comes from the environment, see `env.py`.

Whatever is not set is the strict choice: pages over https only, Canvas over https only, no host allowed but loopback.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from dashboard import env

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
UPLOAD_DIR = DATA_DIR / "uploads"
UPLOAD_DIR.mkdir(mode=0o700, exist_ok=True)

# --- Who we are and who may speak to us

SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR)
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
INSECURE_HTTP = env.flag("INSECURE_HTTP", default=False)
if env.flag("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 365 * 24 * 3600
SESSION_COOKIE_SECURE = not INSECURE_HTTP
CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "easel_session"
CSRF_COOKIE_NAME = "easel_csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Canvas

# Hosts that may be spoken to over plain http or at private addresses.
INSECURE_CANVAS_HOSTS = env.words("INSECURE_CANVAS_HOSTS")
# Read when a token is sealed or opened, never held in this module, so that no settings dump can show them.
CREDENTIAL_KEYS = SimpleLazyObject(lambda: env.credential_keys(DATA_DIR))
CANVAS_TIMEOUT = env.number("CANVAS_TIMEOUT", 30, least=1)
# After the last moment at which a POST could still reach Canvas, how long its absence from the list must last.
ANSWER_PATIENCE = env.number("ANSWER_PATIENCE", 60, least=1)
POLL_FASTEST = env.number("POLL_FASTEST", 1, least=0.2)
POLL_SLOWEST = env.number("POLL_SLOWEST", 6, least=1)
# A practice Canvas that uploads may be rehearsed on; empty: none.
PRACTICE_URL = env.practice_url(env.text("PRACTICE_URL", ""), INSECURE_CANVAS_HOSTS)
UPLOAD_LIMIT = int(env.number("UPLOAD_LIMIT_MB", 4096, least=1) * 1024 * 1024)

# Courses of one Canvas account whose rollups are read at the same time: Canvas has others to serve, too.
READINGS_AT_ONCE = int(env.number("READINGS_AT_ONCE", 2, least=1))

# --- Holds

HOLD_HOURS = env.number("HOLD_HOURS", 72, least=1)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "easel@localhost")
_MAIL_SERVER = env.mail_server(env.text("EMAIL_URL", ""))
EMAIL_HOST, EMAIL_PORT = _MAIL_SERVER.host, _MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL_SERVER.user, _MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_SERVER.scheme == "smtp+tls", _MAIL_SERVER.scheme == "smtps"
EMAIL_TIMEOUT = 20

# --- Applications

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "dashboard",
    "outcomes",
    "imports",
    "accounts",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["dashboard.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context.house",
            ],
        },
    }
]

# --- Data

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "accounts:login"

FILE_UPLOAD_HANDLERS = ["imports.intake.HashingUploadHandler"]
FILE_UPLOAD_TEMP_DIR = UPLOAD_DIR
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# --- Language, time, static files

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

# --- Background work: the database is the truth, the broker a doorbell

CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = env.broker("BROKER_URL", DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "launch"
CELERY_TASK_ROUTES = {
    "accounts.tasks.*": {"queue": "poll"},
    # What must not wait behind long uploads
    "imports.tasks.tick": {"queue": "poll"},
    "imports.tasks.look": {"queue": "poll"},
    "imports.tasks.find": {"queue": "poll"},
    "imports.tasks.carry_out": {"queue": "poll"},
    "imports.tasks.check_upload": {"queue": "check"},
    # What a launch waits for, meanwhile
    "imports.tasks.look_into_upload": {"queue": "forecast"},
    "imports.tasks.make_forecast": {"queue": "forecast"},
    "imports.tasks.catch_up": {"queue": "forecast"},
    "imports.tasks.tell_approvers": {"queue": "poll"},
    "imports.tasks.collect_*": {"queue": "collect"},
    "imports.tasks.rehearse": {"queue": "collect"},
    "imports.tasks.remove_practice_site": {"queue": "collect"},
    "outcomes.tasks.due": {"queue": "poll"},
    "outcomes.tasks.read_outcome": {"queue": "poll"},
    "outcomes.tasks.send_edit": {"queue": "poll"},
    # Somebody waits for these, and readings may take long
    "outcomes.tasks.fetch_contributions": {"queue": "poll"},
    "outcomes.tasks.save_order": {"queue": "poll"},
    "outcomes.tasks.*": {"queue": "collect"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # the schedule is fixed: nothing to remember
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "imports.tasks.tick", "schedule": 2.0, "options": {"queue": "poll", "expires": 2.0}},
    "outcomes": {"task": "outcomes.tasks.due", "schedule": 2.0, "options": {"queue": "poll", "expires": 2.0}},
}

# --- Logs: one JSON object a line, on standard error

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dashboard.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # it warns that a folder has no host name
    },
}
