"""Django's settings, composed from `agentboard.env`; nothing here reads the environment itself."""

import os
from pathlib import Path
from typing import Any

from agentboard import env

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = env.load(os.environ, base=BASE_DIR)

SECRET_KEY = ENV.secret_key or env.generated_secret(ENV.data_dir)
DEBUG = False
AUTH = ENV.auth
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = [*LOOPBACK_HOSTS, *ENV.allowed_hosts, *ENV.own_names()]

STALE_AFTER = ENV.stale_after
RECLAIM_AFTER = ENV.reclaim_after
RESERVE_FOR = ENV.reserve_for
REVIEW_AFTER = ENV.review_after
OFFLINE_AFTER = ENV.offline_after
MAX_ATTEMPTS = ENV.max_attempts
BLOCKED_ALERT = ENV.blocked_alert
DIGEST_EVERY = ENV.digest_every
MAX_REJECTIONS = ENV.max_rejections
WIP_LIMIT = ENV.wip_limit
WEBHOOK_PRIVATE = ENV.webhook_private

INSTALLED_APPS = [
    "agentboard.apps.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_q",
    "tasks.apps.TasksConfig",
    "channels_app.apps.ChannelsConfig",
    "agentboard.apps.AgentBoardConfig",
]

# Sessions, sign-in and CSRF cost as much as a whole API call, and agents have no use for them: pages only.
MIDDLEWARE = [
    "agentboard.policy.BrowserPolicyMiddleware",
    "agentboard.origins.SameOriginMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agentboard.pages.SessionsOnPages",
    "agentboard.pages.CsrfOnPages",
    "agentboard.pages.SignInOnPages",
    "agentboard.pages.MessagesOnPages",
    "agentboard.pages.FramesOnPages",
]

ROOT_URLCONF = "agentboard.urls"
WSGI_APPLICATION = "agentboard.wsgi.application"
APPEND_SLASH = False
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
                "tasks.web.viewers.context",
                "channels_app.web.unread_count.context",
            ],
            "builtins": ["tasks.web.tags"],
        },
    }
]

SQLITE_OPTIONS: dict[str, Any] = {
    # DEFERRED transactions that turn into writers half-way fail with "database is locked" at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    # FULL, because a commit lost to a power cut would hand out the same fencing token twice.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456",
}
POSTGRESQL_OPTIONS: dict[str, Any] = {
    # A transaction that waits for its client holds back vacuum, and with it every claim. The other limit makes a
    # stuck statement an answer (503) instead of a lost thread.
    # The last one: what is prepared (see below) is planned once, whatever the first parameters were.
    "options": "-c idle_in_transaction_session_timeout=30s -c statement_timeout=30s -c timezone=UTC"
    " -c plan_cache_mode=force_generic_plan",
    "connect_timeout": 5,
    "application_name": "agentboard",
    # Prepares what runs through `tasks.queries.planned`, and nothing else: the ORM's cursors do not prepare.
    "prepare_threshold": 0,
}


def _default_database() -> dict[str, Any]:
    database: dict[str, Any] = env.database(ENV.database_url)
    database["CONN_MAX_AGE"] = None
    database["CONN_HEALTH_CHECKS"] = False
    if database["ENGINE"].endswith("sqlite3"):
        Path(database["NAME"]).absolute().parent.mkdir(parents=True, exist_ok=True)
        return {**database, "OPTIONS": SQLITE_OPTIONS}
    return {**database, "OPTIONS": {**POSTGRESQL_OPTIONS, **database["OPTIONS"]}}


DATABASES = {"default": _default_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/board/sign-in"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "agentboard.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served straight from the packages: nothing to collect, so a fresh clone has its admin styled at once.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_NAME = "agentboard_session"
CSRF_COOKIE_NAME = "agentboard_csrf"
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# One limit for bodies, the contract's; the server refuses larger ones before Django sees them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# The jobs of `agentboard.schedules`. When they are due is decided there, row by row: django-q's own scheduler stops
# altogether at the first row that it cannot read.
Q_CLUSTER = {
    "name": "agentboard",
    "orm": "default",
    "scheduler": False,
    "catch_up": False,
    "workers": 1,
    "poll": 1,
    "timeout": 60,
    # Later than any job is ended: what is still in the queue then was killed half-way, and is done again.
    "retry": 90,
    "max_attempts": 3,
    "ack_failures": True,
    "save_limit": 50,
    "save_limit_per": "group",
    "label": "Scheduler",
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["tasks.api.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tasks.api.json.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tasks.api.json.AlwaysJSON",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "tasks.api.problems.answer",
    "DEFAULT_SCHEMA_CLASS": "tasks.api.schema.Schema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AgentBoard",
    "DESCRIPTION": "The coordination server for teams of AI agents.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    # With AGENTBOARD_AUTH=token every call but the public ones; with `open` none need one, and all take one.
    "SECURITY": [{"token": []}, *([{}] if ENV.auth == "open" else [])],
    "ENUM_NAME_OVERRIDES": {
        "CommentKind": "tasks.models.comment.Comment.Kind",
        "WritableKind": "tasks.api.comments.KINDS",
        "AgentKind": "tasks.models.agent.Agent.Kind",
        "TaskStatus": "tasks.models.task.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Refusals are answers, not incidents: Django would log a line for each 4xx.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        "django-q": {"level": "WARNING"},
    },
}
