"""Settings, all from the environment: README.md and .env.example say what each one is for."""

import datetime as dt
import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from keepitlocal import patience
from keepitlocal.watching import logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def read_env(path):
    """Read settings from a file; what is set to nothing counts as not set."""
    for name in [name for name, value in os.environ.items() if value == ""]:
        del os.environ[name]
    env.read_env(path)


read_env(BASE_DIR / ".env")

# Where the portal keeps what it makes for itself, and the files that respondents attach.
DATA_DIR = Path(env.str("DATA_DIR", default="var"))
DATA_DIR = DATA_DIR if DATA_DIR.is_absolute() else BASE_DIR / DATA_DIR

# `manage.py up` writes this while it runs, so that any other command finds its servers.
read_env(DATA_DIR / "local.env")

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)

# Every link in a page or an email starts here; nothing is built from a request's Host header.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_IS_SECURE = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname

ALLOWED_HOSTS = [SITE_HOST, *env.list("ALLOWED_HOSTS", default=[])]
# Whoever watches this machine asks it directly. No link is built from a Host header.
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "keepitlocal",
    "review",
    "submissions",
    "principles",
    "consultations",
    "outbox",
    "crispy_forms",
    "csp",
    "review.apps.StaffSiteConfig",
    "django.contrib.auth",
    # Thousands in figures, as people write them.
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
]

MIDDLEWARE = [
    # Around all others, so that every answer has a number and is counted.
    "keepitlocal.watching.requests.watch",
    # So that its headers are on every answer: static files and refusals too.
    "keepitlocal.middleware.headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "keepitlocal.middleware.refuse_long_addresses",
    "keepitlocal.middleware.refuse_control_characters",
    "keepitlocal.middleware.refuse_other_encodings",
    "keepitlocal.trouble.ask_again",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "keepitlocal.urls"
WSGI_APPLICATION = "keepitlocal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "keepitlocal.widgets.Renderer"
CRISPY_TEMPLATE_PACK = "keepitlocal"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["keepitlocal"]
CRISPY_FAIL_SILENTLY = False

# Data

DATABASES = {
    "default": env.db_url(
        "DATABASE_URL",
        default="postgres://127.0.0.1:5432/keepitlocal",
        engine="keepitlocal.postgresql",
    )
    | {
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        # A database that restarted is noticed before the next request, not in it.
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {
    # For each address, when DATABASE_URL names several.
    "connect_timeout": patience.SECONDS_TO_CONNECT,
    # And when the database does not answer at all.
    "connection_factory": patience.PatientConnection,
    "cursor_factory": patience.PatientCursor,
    # A request that waits longer than this for the database ends in our own error page.
    # Less than patience.SECONDS. And what is asked for often is in memory, or on a disk that
    # turns no more: PostgreSQL would else read whole tables to spare itself an index.
    "options": "-c statement_timeout=8000 -c lock_timeout=5000"
    " -c idle_in_transaction_session_timeout=30000 -c random_page_cost=1.1",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A section of seven answers of 200,000 characters, each four bytes, percent-encoded. What is
# longer is refused by the forms, in words; this is only the last bound.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Files that respondents attach: in quarantine until they are checked, then under MEDIA_ROOT,
# or in the object storage that several machines share.
# There is no MEDIA_URL: only a view that knows who may have a file leads to it.

FILES_URL = env.str("FILES_URL", default="")
MEDIA_ROOT = DATA_DIR / "files"
QUARANTINE_ROOT = DATA_DIR / "quarantine"
# What staff export, for seven days; only a page of staff's leads to it. Written here also
# when it is then kept in the object storage.
EXPORTS_ROOT = DATA_DIR / "exports"

# What is kept for how many days: docs/retention.md. Drafts and what was sent from the
# closing of their call, what was withdrawn from then on, and the outbox's own records.
KEEP_DRAFTS_DAYS = env.int("KEEP_DRAFTS_DAYS", default=90)
KEEP_WITHDRAWN_DAYS = env.int("KEEP_WITHDRAWN_DAYS", default=30)
KEEP_SUBMISSIONS_DAYS = env.int("KEEP_SUBMISSIONS_DAYS", default=6 * 365)
KEEP_EMAILS_DAYS = env.int("KEEP_EMAILS_DAYS", default=180)
# By which `manage.py erase_again` knows what an older backup has brought back. Kept apart
# from the database and its backups.
ERASED_LIST = Path(env.str("ERASED_LIST", default=str(DATA_DIR / "erased.txt")))
FILE_UPLOAD_HANDLERS = [
    "submissions.files.uploads.NamingHandler",
    "submissions.files.uploads.QuarantineHandler",
]
# unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310
CLAMAV_URL = env.str("CLAMAV_URL", default="")

# Language and time

LANGUAGE_CODE = "en-gb"
# A translation is a catalogue and nothing else: locale/cy/LC_MESSAGES/django.mo.
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = [("en-gb", _("English"))] + [
    (path.parts[-3], path.parts[-3])
    for path in sorted(LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
]
USE_TZ = True
# Deadlines are written and shown as clocks in the UK show them, and stored in UTC.
TIME_ZONE = "Europe/London"

# Pages and files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "submissions.files.storage.WholeFilesStorage"},
    "exports": {"BACKEND": "submissions.files.storage.ExportsStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if FILES_URL:
    STORAGES |= {
        name: {
            "BACKEND": "submissions.files.objects.ObjectStorage",
            "OPTIONS": {"url": FILES_URL, "folder": folder},
        }
        for name, folder in [
            ("default", "files"),
            ("exports", "exports"),
            # Names alone: what each machine has erased.
            ("erased", "erased"),
        ]
    }

# Safety

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    },
]
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# How many proxies of ours a request passes: so many addresses, from the right of
# X-Forwarded-For, can be believed.
PROXIES = env.int("PROXIES", default=1 if SITE_IS_SECURE else 0)

# Emails with a way back that strangers may ask for: beyond, somebody does harm. One address
# is written to three times an hour at most, and one network may ask 60 times.
LINKS_PER_HOUR = env.int("LINKS_PER_HOUR", default=3000)

# Failures count for one name from one address: nobody can lock out another from elsewhere,
# and an office behind one address is not locked out with one of its people.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
# Trying while it is locked does not lock it for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "submissions.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "review.door.throttle.locked"
# The audit log says who signed in, and the staff site shows no other.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The step before and the step after, and no more: a clock that goes wrong is set right.
OTP_TOTP_SYNC = False
OTP_TOTP_ISSUER = "Keep it Local"

CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_IS_SECURE else []
SESSION_ENGINE = "keepitlocal.sessions"
# The __Host- prefix pins a cookie to this host over TLS; browsers refuse it without TLS.
SESSION_COOKIE_NAME = "__Host-session" if SITE_IS_SECURE else "session"
SESSION_COOKIE_SECURE = SITE_IS_SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_SECURE else "csrf"
CSRF_COOKIE_SECURE = SITE_IS_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "keepitlocal.views.csrf_failure"
# Not in a cookie of their own: what pages say to a person stays with us.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# A team works on its evidence for weeks; the emailed link is there when this runs out.
SESSION_COOKIE_AGE = 60 * 60 * 24 * 28
SESSION_SAVE_EVERY_REQUEST = False

SECURE_SSL_REDIRECT = SITE_IS_SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SITE_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading binds every site of the domain for years: its owner's choice, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Whoever watches the web server asks it directly, without the proxy's TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
# Not no-referrer: a browser would send "Origin: null" with our own forms, and be refused.
SECURE_REFERRER_POLICY = "same-origin"
# TLS ends at a proxy: gunicorn speaks plain HTTP.
if env.bool("BEHIND_PROXY", default=SITE_IS_SECURE):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Email: the outbox talks to this server itself, one message at a time

EMAIL = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
# Of a Postfix on this machine: it knows what it took when its answer was lost.
RELAY_LOG = env.str("RELAY_LOG", default="")
# Of each process that sends, while many emails wait.
RELAY_CONNECTIONS = max(1, env.int("RELAY_CONNECTIONS", default=2))
DEFAULT_FROM_EMAIL = env.str(
    "FROM_EMAIL", default=f"Keep it Local <no-reply@{SITE_HOST}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Celery: only what hears the bell. What is to be sent stands in the outbox table.

CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # With the defaults a broker that hangs would hold up the beat for minutes.
    "socket_timeout": 1,
    "socket_connect_timeout": 0.5,
    "retry_on_timeout": False,
    "max_retries": 0,
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
}
if CELERY_BROKER_URL.startswith("sentinel://"):
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "master_name": env.str("REDIS_MASTER", default="mymaster"),
        # What we ask the Sentinels themselves. Their client's retries take four seconds
        # while a new master is being chosen.
        "sentinel_kwargs": {
            "socket_timeout": 1,
            "socket_connect_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        },
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Intervals, not crontabs: a crontab in London loses an hour when the clocks go back.
CELERY_BEAT_SCHEDULE = {
    "deliver-due": {"task": "outbox.tasks.deliver_due", "schedule": 10.0},
    "plan": {"task": "outbox.tasks.plan", "schedule": 300.0},
    "make-exports": {"task": "review.tasks.make_exports", "schedule": 60.0},
}
CELERY_BEAT_SCHEDULER = "keepitlocal.beat:ListeningScheduler"

# Watching

# "json" gives one line of JSON an event, and one a request.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
# Which version runs here, for the log.
RELEASE = env.str("RELEASE", default=logs.release_of(BASE_DIR))
LOGGING = logs.configuration(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO"), RELEASE)
# What Prometheus must show to be given figures; without one there are none.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Asked for every minute while emails leave: a dead man's switch somewhere else.
PING_URL = env.str("PING_URL", default="")
