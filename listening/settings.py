"""Settings, flat and from the environment; `.env.example` lists every one. A wrong value stops the start."""

import secrets as random_secrets
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from listening import embedded, environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(BASE_DIR / ".env")

# Where Earshot runs
DATA_DIR = Path(env.text("EARSHOT_DATA", str(BASE_DIR / "var"))).resolve()
PRODUCTION = env.flag("EARSHOT_PRODUCTION")
DEBUG = env.flag("EARSHOT_DEBUG")
PORT = env.integer("PORT", 8000, at_least=1)
PUBLIC_URL = env.text("EARSHOT_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in {"http", "https"} or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured(f"EARSHOT_URL is {PUBLIC_URL!r}: write it like https://earshot.example.org.")
ALLOWED_HOSTS = env.words("EARSHOT_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]


# Keys: one file made at the first start, unless the environment gives them
def _secret(name: str, file: str) -> str:
    given = env.text(name)
    if given or PRODUCTION:
        return given
    path = DATA_DIR / file
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(random_secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = _secret("EARSHOT_SECRET_KEY", "secret_key")
EARSHOT_CREDENTIAL_KEYS = env.words("EARSHOT_CREDENTIAL_KEYS", [SECRET_KEY])
EARSHOT_PEPPERS = dict(enumerate(env.words("EARSHOT_PEPPERS", [_secret("EARSHOT_PEPPER", "pepper")]), start=1))

if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("EARSHOT_DEBUG is on in production: set EARSHOT_DEBUG=false.")
if PRODUCTION and (len(SECRET_KEY) < 32 or "change" in SECRET_KEY.lower()):
    raise ImproperlyConfigured(
        "EARSHOT_SECRET_KEY is missing or a default: set it to 50 random characters "
        "(python -c 'import secrets; print(secrets.token_urlsafe(50))')."
    )
if PRODUCTION and not any(EARSHOT_PEPPERS.values()):
    raise ImproperlyConfigured("EARSHOT_PEPPER is missing: set it to 50 random characters and keep it for ever.")
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("EARSHOT_HOSTS names no host: set it to the names people reach Earshot by.")
if PRODUCTION and not env.text("EARSHOT_URL"):
    raise ImproperlyConfigured(
        "EARSHOT_URL is missing: set it to the address people open, which links in mails lead to."
    )

# Database and broker: embedded under DATA_DIR unless the environment names others
_embedded_database, _embedded_redis = embedded.urls(DATA_DIR)
DATABASE_URL = env.text("DATABASE_URL", _embedded_database)
REDIS_URL = env.text("REDIS_URL", _embedded_redis)


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL starts with {parts.scheme!r}: only postgresql:// works.")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # under ASGI each request has a thread of its own: a kept connection would only pile up
        "OPTIONS": options,
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# The network door: CIDRs that sources may reach although they are private
EARSHOT_ALLOW_PRIVATE = env.networks("EARSHOT_ALLOW_PRIVATE")
EARSHOT_CONTACT = env.text("EARSHOT_CONTACT")

# Understanding: the sentiment engine of brands that choose none, and the processor threads that a model may take
EARSHOT_ENGINES = import_module("ingest.enrich.sentiment").ENGINES
EARSHOT_ENGINE = env.text("EARSHOT_ENGINE", "earshot")
if EARSHOT_ENGINE not in EARSHOT_ENGINES:
    raise ImproperlyConfigured(f"EARSHOT_ENGINE is {EARSHOT_ENGINE!r}: write one of {', '.join(EARSHOT_ENGINES)}.")
EARSHOT_ENGINE_THREADS = env.integer("EARSHOT_ENGINE_THREADS", 1, at_least=1)

# Apps
INSTALLED_APPS = [
    "listening",
    "ingest",
    "dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "listening.urls"
ASGI_APPLICATION = "listening.asgi.application"
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
                "dashboard.frame.frame",
            ],
            "builtins": ["dashboard.templatetags.earshot", "dashboard.templatetags.markup"],
        },
    }
]

# People
AUTH_USER_MODEL = "listening.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "dashboard.invitations.InvitedOnly"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Browser safety
SECURE_BROWSER = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_BROWSER
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION and SECURE_BROWSER else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("EARSHOT_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Language and time: the database keeps UTC, pages show the brand's or the viewer's zone
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False  # one language; asking the translation of every number and label costs a tenth of a long page

# Static files: ours, and the scripts that plotly and django-htmx bring
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "listening.finders.PackagedScripts",
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "listening.compression.QuickStorage"},
}
MEDIA_ROOT = DATA_DIR / "uploads"

# Mail: SMTP where it is configured, else readable files under DATA_DIR/mail
EMAIL_HOST = env.text("EARSHOT_SMTP_HOST")
EMAIL_PORT = env.integer("EARSHOT_SMTP_PORT", 587, at_least=1)
EMAIL_HOST_USER = env.text("EARSHOT_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("EARSHOT_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("EARSHOT_SMTP_STARTTLS", EMAIL_PORT == 587)
EMAIL_USE_SSL = env.flag("EARSHOT_SMTP_TLS", EMAIL_PORT == 465)
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured(
        "EARSHOT_SMTP_STARTTLS and EARSHOT_SMTP_TLS are both on: a mail server speaks one of them."
    )
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
DEFAULT_FROM_EMAIL = env.text("EARSHOT_MAIL_FROM", "Earshot <earshot@localhost>")

# Celery: times in seconds; every task's limit lies below the broker's visibility time-out
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "celery"

# Logs: no text of posts, no names, no secrets
LOG_LEVEL = env.text("EARSHOT_LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"EARSHOT_LOG_LEVEL is {LOG_LEVEL!r}: write DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}
