"""All settings: safe by default, from the environment. `.env.example` lists every variable."""

import gc
from pathlib import Path

from deploy import env
from deploy.celery import app as _work  # noqa: F401 because shared tasks are published through the app that exists
from tenants.deadlines import ConnectionWithDeadline

# Looked for every 700 objects, garbage costs a fifth of every start and some of every page: nearly all that is made then stays.
# What has stayed is looked through soon, because after ten times that takes a quarter of a second, and somebody waits for it.
gc.set_threshold(50_000, 2, 10)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

SECRET_KEY = env.text("SECRET_KEY", cure="Set it to 50 or more random characters.")
SECRET_KEY_FALLBACKS = env.words(
    "SECRET_KEY_FALLBACKS"
)  # older ones: what was signed or encrypted with them is still read
DEBUG = env.flag("DEBUG", False)
OPERATOR_HOST = env.text(
    "OPERATOR_HOST", cure="Set it to the host name of the operator console, like console.example.net."
)
# Plans without white label have their hosts below it.
PLATFORM_DOMAIN = env.text("PLATFORM_DOMAIN", OPERATOR_HOST.partition(".")[2])
# Who answers questions about customers' domains, and for how long a page waits; without servers, the machine's own.
DNS_SERVERS = env.words("DNS_SERVERS")
DNS_PORT = env.number("DNS_PORT", 53, low=1, high=65535)
DNS_SECONDS = env.number("DNS_SECONDS", 3, low=1, high=20)
# Customers' hosts point to a random name each below it, so it names nobody; its own addresses are the front door's.
EDGE_DOMAIN = env.text("EDGE_DOMAIN", f"edge.{PLATFORM_DOMAIN}")
EDGE_ADDRESSES = env.words("EDGE_ADDRESSES")
CERTIFICATE_AUTHORITIES = env.words("CERTIFICATE_AUTHORITIES", "letsencrypt.org")  # as CAA records name them
# Where certificates are looked at: host:port of the front door from inside, else the customer's host itself.
FRONT_DOOR = env.text("FRONT_DOOR", "")
FRONT_DOOR_AUTHORITY = env.text("FRONT_DOOR_AUTHORITY", "")  # a file, where certificates are not of a public authority
PUBLIC_SCHEME = env.text("PUBLIC_SCHEME", "https")
PUBLIC_PORT = env.number("PUBLIC_PORT", 0, high=65535)  # printed in links when it is not the scheme's own
CLOCK_FILE = env.text("CLOCK_FILE", "")  # read by core.kernel.clock

# Whether devices keep the page for when there is no connection; false takes away what they keep.
OFFLINE_PAGE = env.flag("OFFLINE_PAGE", True)
# Where the proxy finds each organization's page for when the application does not answer.
PROXY_PAGES = Path(env.text("PROXY_PAGES", str(VAR_DIR / "proxy-pages")))

# Any host may ask: unknown ones get a neutral 404 in the first middleware, from the table of domains.
ALLOWED_HOSTS = ["*"]
# Whom an organization's people never meet: what the leak walk looks for everywhere.
VENDOR_WORDS = ["colonnade", *env.words("VENDOR_WORDS")]
USE_X_FORWARDED_HOST = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC_SCHEME == "https" else None
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")

SHARED_APPS = [
    "tenants",
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "themes",
    "tenants.operators",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "core.kernel",
    "core.people",
    "core.notifications",
    "core.files",
    "core.scheduling",
    "core.booking",
    "core.booking_requests",
    "core.records",
    "core.records.questionnaires",
    "core.waiting_list",
    "core.resources",
    "sessions_live",
    "sessions_live.boards",
    "branding",
    "branding.senders",
    "core.pages",
    "billing",
    "billing.reconciliation",
    "billing.reminders",
    "billing.wages",
    "billing.packages",
    "billing.prepayments",
    "billing.autopay",
    "core.leak_walk",
    "core.help",
    "core.legal",
    "core.team",
    "core.enquiries",
    "core.setup",
    "core.go_live",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal.account.apps.DevicesConfig",
    "wagtail.contrib.redirects",
    "wagtail.contrib.forms",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
INSTALLED_APPS = [*SHARED_APPS, *[app for app in TENANT_APPS if app not in SHARED_APPS], "channels", "portal"]
TENANT_MODEL = "tenants.Organization"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = False

MIDDLEWARE = [
    "tenants.middleware.OrganizationMiddleware",
    "portal.middleware.ResponseHeadersMiddleware",
    "portal.static_files.StaticFilesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.idle.IdleMiddleware",
    "portal.middleware.LanguageMiddleware",
    "portal.account.devices.NoteDevices",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.TimeZoneMiddleware",
    "portal.middleware.NulCharacterMiddleware",
    "portal.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "deploy.urls.tenant"
OPERATOR_URLCONF = "deploy.urls.operator"
ASGI_APPLICATION = "deploy.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "themes" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.layout",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.templatetags.post_fields"],
        },
    }
]

_database = env.database("DATABASE_URL")
DATABASE_POOL = env.number("DATABASE_POOL", 12, low=3)
# Seconds that one statement may take in this process, and one wait for a lock; deploy/asgi.py asks for less, because people wait there.
DATABASE_STATEMENT_SECONDS = env.number("DATABASE_STATEMENT_SECONDS", 60, low=1)
ConnectionWithDeadline.patience = DATABASE_STATEMENT_SECONDS + 2
_limits = {
    "statement_timeout": f"{DATABASE_STATEMENT_SECONDS}s",
    "lock_timeout": f"{max(1, DATABASE_STATEMENT_SECONDS // 2)}s",
    "idle_in_transaction_session_timeout": "120s",
}
DATABASES = {
    "default": {
        "ENGINE": "tenants.backend",
        **{key: value for key, value in _database.items() if key != "EXTRA"},
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": DATABASE_POOL,
                "max_lifetime": 900,
                "timeout": 4,  # seconds; with the database away people shall read so soon
                "connection_class": ConnectionWithDeadline,
            },
            "connect_timeout": 4,
            "options": " ".join(f"-c {name}={value}" for name, value in _limits.items()),
            "server_side_binding": True,  # because the client-side default lets a string end a statement
        },
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
}
# Who may do what in the database: tenants/roles.py. Only programs that migrate are given the owner's address.
DATABASE_OWNER = env.database("DATABASE_OWNER_URL") if env.text("DATABASE_OWNER_URL", "") else {}
DATABASE_ROLES = {"application": _database["USER"], "owner": DATABASE_OWNER.get("USER", "")}
REFUSE_SUPERUSER = PUBLIC_SCHEME == "https"  # the scheme of everything but trials
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_URL = env.address("VALKEY_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "tenants.cache.ForgivingCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "tenants.cache.make_key",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}
CHANNEL_LAYERS = {
    "default": {
        # By publish and subscribe: two connections for all sockets of a process, and no list of members that could go stale.
        "BACKEND": "tenants.channel_layer.ChannelLayer",
        "CONFIG": {"hosts": [{"address": VALKEY_URL, "socket_timeout": 2, "socket_connect_timeout": 1}]},
    }
}
CELERY_BROKER_URL = VALKEY_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
# Acknowledged after it ran, so that a worker that dies loses nothing; hence every task may run twice.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True  # because results are found by id alone, whichever organization they belong to
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian's stand-in row: nobody anonymous holds grants
GUARDIAN_RAISE_403 = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
ACCOUNT_ADAPTER = "portal.account.adapters.AccountAdapter"
MFA_ADAPTER = "portal.account.adapters.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # because an invitation to the address has proved it already
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # mail may be slow; three attempts at each code
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # because they vanish with the cache: portal/account/limits.py
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address that nobody has gets no mail
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "portal.account.forms.AddPasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_SCHEME == "http"

SECURE_COOKIES = env.flag("SECURE_COOKIES", PUBLIC_SCHEME == "https")
_prefix = "__Host-" if SECURE_COOKIES else ""
SESSION_COOKIE_NAME = f"{_prefix}sid"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_ENGINE = "core.people.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # nothing leaves the host; "no-referrer" would make the Origin of our own forms null
)
# Browsers take it over TLS only, and say so on every page otherwise.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if PUBLIC_SCHEME == "https" else None
SECURE_HSTS_SECONDS = 31536000 if PUBLIC_SCHEME == "https" else 0
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

WAGTAILREDIRECTS_AUTO_CREATE = False  # because core.pages writes them in the transaction that publishes

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "themes" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

FORM_RENDERER = "themes.form_renderer.FormRenderer"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "themes" / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "files"
_storage = env.url("STORAGE_URL", f"file://{MEDIA_ROOT}", schemes=("file", "s3"))
STORAGES = {
    "default": {"BACKEND": "tenants.storage.OrganizationFiles"}
    if _storage.scheme == "file"
    else {"BACKEND": "tenants.storage.OrganizationBucket", "OPTIONS": {"bucket_name": _storage.hostname}},
    "staticfiles": {"BACKEND": "themes.static_files.AddressedOnce"},
}
if _storage.scheme == "file":
    MEDIA_ROOT = Path(_storage.path)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILES_LARGEST_MEGABYTES = env.number("FILES_LARGEST_MEGABYTES", 500, low=1, high=20_000)
# Who looks through files for viruses: host:port of clamd, or the path of its socket. Without it, nobody does.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")

ANYMAIL: dict[str, str] = {}
MAIL_PROVIDER = ""  # as long as mail leaves by SMTP, nobody reports what became of it
vars().update(env.email())
DEFAULT_FROM_EMAIL = env.text(
    "SYSTEM_SENDER", "no-reply@localhost"
)  # neutral; an organization's own sender comes first
EMAIL_SUBJECT_PREFIX = ""
# The neutral zone in which organizations' own mail domains find our names: see docs/mail-sender.md.
MAIL_ZONE = env.text("MAIL_ZONE", "")
MAIL_SERVERS = env.words("MAIL_SERVERS")  # from which our mail leaves: addresses, networks, or include:… of a provider
MAIL_BOUNCE_HOST = env.text("MAIL_BOUNCE_HOST", "")
MAIL_EHLO = env.text("MAIL_EHLO", DEFAULT_FROM_EMAIL.rpartition("@")[2])  # how we introduce ourselves to mail servers
PRIVATE_MAIL_SERVERS = env.flag("PRIVATE_MAIL_SERVERS", False)
PRIVATE_CALENDARS = env.flag("PRIVATE_CALENDARS", False)
# The push services of browsers: hosts, everything below a host (with a dot before it), or a whole origin for trials.
PUSH_SERVICES = env.words(
    "PUSH_SERVICES",
    "fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com",
)

# Where text messages are handed over: a server that speaks Twilio's interface. The accounts are the organizations' own.
SMS_API_BASE = env.text("SMS_API_BASE", "https://api.twilio.com")

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_JS_URL = env.text("STRIPE_JS_URL", "https://js.stripe.com/v3/")

MEDIA_ENGINE = env.text("MEDIA_ENGINE", "builtin")
MEDIA_SECRET = env.text("MEDIA_SECRET", "")
MEDIA_CONTROL = env.text("MEDIA_CONTROL", "")
MEDIA_WORKERS = env.number("MEDIA_WORKERS", 1, low=1, high=64)
JANUS_URL = env.text("JANUS_URL", "")
JANUS_API_SECRET = env.text("JANUS_API_SECRET", "")
JANUS_ADMIN_KEY = env.text("JANUS_ADMIN_KEY", "")
JANUS_RECORDINGS = env.text("JANUS_RECORDINGS", "")
MEDIA_RECORDINGS = env.text(
    "MEDIA_RECORDINGS", str(VAR_DIR / "recordings")
)  # where the media server writes, and videos are made
TURN_URLS = env.words("TURN_URLS")
TURN_SECRET = env.text("TURN_SECRET", "")

WAGTAIL_SITE_NAME = "Pages"
WAGTAILADMIN_BASE_URL = ""
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
# auth.W004: e-mail is unique without regard to case, by a constraint on lower(email).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
