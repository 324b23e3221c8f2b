"""Brightline's settings: wiring only. Every value an operator may set comes from the environment."""

from importlib.resources import files
from pathlib import Path

import environ
from django.utils.csp import CSP

from config.sign_on import origins as sign_on_origins
from config.sign_on import providers as sign_on_providers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
"""Former keys, the newest first: what they signed or encrypted stays readable while a key is changed."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
"""A trial on one machine: plain HTTP, one operating-system user, demonstration sign-ins may exist."""

INSTALLED_APPS = [
    "audit",
    "governance",
    "registers",
    "decisions",
    "meetings",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "guardian",
    "simple_history",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "governance.middleware.ActingMiddleware",
    "governance.middleware.IdleMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

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
                "config.context.house",
            ],
            "builtins": ["audit.templatetags.markup"],
        },
    },
]

# The database. The four logins are four URLs; a process is given only the one it needs (docs/operations.md).
_url = env.db_url("DATABASE_URL", default="postgres://brightline_app@127.0.0.1/brightline")
DATABASES = {
    "default": {
        **_url,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # the pool looks at a connection before it gives it out
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 10},
            "prepare_threshold": 0,  # for audit.database.prepared alone: Django's cursors prepare nothing
        },
    }
}
DATABASE_ROLES = {
    "owner": env.str("DATABASE_OWNER_ROLE", default="brightline_owner"),
    "app": env.str("DATABASE_APP_ROLE", default="brightline_app"),
    "checkpointer": env.str("DATABASE_CHECKPOINTER_ROLE", default="brightline_checkpointer"),
    "reader": env.str("DATABASE_READER_ROLE", default="brightline_reader"),
}
# What all web processes share, such as the counts of failed sign-ins, lies in a table (governance.models.Shared);
# rendered pages stay in each process's memory (governance.steady).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "governance_shared",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History (simple-history) and permissions (guardian)
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = False
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False

# Identity
AUTH_USER_MODEL = "governance.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "governance.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
LOCK_OUT_MINUTES = env.int("LOCK_OUT_MINUTES", default=15)
"""How long a sign-in stays shut after too many failures, for the account and for the network address they came from."""
LOCK_OUT_AFTER = env.int("LOCK_OUT_AFTER", default=5)
LOCK_OUT_ADDRESS_AFTER = env.int("LOCK_OUT_ADDRESS_AFTER", default=30)
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": f"{LOCK_OUT_ADDRESS_AFTER}/{LOCK_OUT_MINUTES}m/ip,{LOCK_OUT_AFTER}/{LOCK_OUT_MINUTES}m/key",
    "reauthenticate": "20/m/user",
    "accept_invitation": "20/m/ip",
    "calendar_feed": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
"""How many proxies of the operator's stand before the web process and add X-Forwarded-For."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
"""Minutes without activity after which a session ends, until a practice's own setting is known."""

# Second factors
MFA_ADAPTER = "governance.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Brightline"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody signs up here: an account begins with an invitation, so an address not confirmed yet bars nobody from a factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION
MFA_FORMS = {"add_webauthn": "governance.forms.account.AddKeyForm"}

# Sign-on through an identity provider (docs/operations.md). Only accounts that exist, by their verified address.
SOCIALACCOUNT_ADAPTER = "governance.adapter.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = sign_on_providers(env.str("SIGN_ON_FILE", default=""))
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Files. Papers and sealed files lie in one content-addressed store (audit.store).
FILE_STORE = env.str("FILE_STORE", default=str(VAR_DIR / "files"))
STORAGES = {
    "default": {"BACKEND": "audit.storage.DurableFiles", "OPTIONS": {"location": FILE_STORE}},
    "staticfiles": {"BACKEND": "config.static.StaticFiles"},
}
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts/public-sans", str(files("fontpkg_public_sans") / "files")),
    ("fonts/source-serif", str(files("fontpkg_source_serif_4") / "files")),
]

PAPER_MEGABYTES = env.int("PAPER_MEGABYTES", default=25)
"""Megabytes of one paper at most."""
SOFFICE = env.str("SOFFICE", default="soffice")
"""LibreOffice, by which the worker shows Office files as PDF; without it a page says that they are attached."""

# Checkpoints: where the checkpointer keeps its notes, which keys this installation trusts, and the log's name.
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", default="brightline.localhost")
CHECKPOINT_FOLDER = env.str("CHECKPOINT_FOLDER", default=str(VAR_DIR / "checkpoints"))
CHECKPOINT_KEY_FOLDER = env.str("CHECKPOINT_KEY_FOLDER", default=str(VAR_DIR / "checkpointer"))
# The key with which the worker signs the files it seals; made there, self-issued, when there is none.
SEAL_KEY_FOLDER = env.str("SEAL_KEY_FOLDER", default=str(VAR_DIR / "seal"))
# With a PKCS#11 module the key stays on a token: its label, the key's label, and the file with the user's PIN.
CHECKPOINT_PKCS11_MODULE = env.str("CHECKPOINT_PKCS11_MODULE", default="")
CHECKPOINT_PKCS11_TOKEN = env.str("CHECKPOINT_PKCS11_TOKEN", default="brightline")
CHECKPOINT_PKCS11_KEY = env.str("CHECKPOINT_PKCS11_KEY", default="checkpoints")
CHECKPOINT_PKCS11_PIN_FILE = env.str("CHECKPOINT_PKCS11_PIN_FILE", default=f"{CHECKPOINT_KEY_FOLDER}/pin")
# Time stamps (RFC 3161) by an authority: its address, and the certificates (PEM) trusted for it.
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
TIMESTAMP_CERTIFICATES = env.str("TIMESTAMP_CERTIFICATES", default="")
CHECKPOINT_WAIT = 3.0
"""Seconds a request waits after commit for the checkpoint that covers its act."""

# What a scrub under a legal hold takes out is encrypted to this key; opening it needs the private half.
SEQUESTER_KEY_FOLDER = env.str("SEQUESTER_KEY_FOLDER", default=str(VAR_DIR / "sequester"))

# Wired here so that no app needs to know its left neighbour.
DATABASE_GUARDS = ["governance.guards", "decisions.guards", "meetings.guards"]
# Texts in which patient data may be scrubbed: the way to the practice, and the fields.
SCRUBBABLE = {
    "governance.CatalogueVersion": ("practice", ["summary", "closing_reason"]),
    "governance.CatalogueReview": ("version__practice", ["opinion"]),
    "governance.CatalogueAdoption": ("version__practice", ["resolution"]),
    "governance.Delegation": ("practice", ["reason", "end_reason"]),
    "governance.Hold": ("practice", ["matter", "reason", "lift_reason", "object_name"]),
    "decisions.Decision": ("practice", ["title", "text", "rationale"]),
    "decisions.OperationalItem": ("practice", ["title", "detail", "pull_reason"]),
    "decisions.Proposal": ("practice", ["title"]),
    "decisions.Revision": ("proposal__practice", ["summary", "clinical_effect", "operations", "change_note"]),
    "decisions.Determination": ("proposal__practice", ["rationale", "conditions"]),
    "decisions.GateCheck": ("proposal__practice", ["reason"]),
    "decisions.PaperVersion": ("paper__practice", ["title", "file_name", "note"]),
    "decisions.PaperWithdrawal": ("paper__practice", ["reason"]),
    "decisions.ScopeEvent": ("authorization__practice", ["reason"]),
    "decisions.CorrectiveAction": ("practice", ["title", "root_cause", "action", "measure"]),
    "decisions.PastAction": ("corrective_action__practice", ["result"]),
    "decisions.ActionReview": ("corrective_action__practice", ["note"]),
    "meetings.Series": ("practice", ["points", "reason"]),
    "meetings.Meeting": ("practice", ["closing_note", "change_reason"]),
    "meetings.PastMeeting": ("practice", ["place", "chair", "remark", "reason"]),
    "meetings.PastResult": ("past__practice", ["text"]),
    "meetings.AgendaItem": ("meeting__practice", ["title", "account", "deferral_reason", "withdrawal_reason"]),
    "meetings.ProposedItem": ("practice", ["title", "reason", "answer"]),
    "meetings.AgendaRelease": ("meeting__practice", ["content"]),
    "meetings.Recusal": ("item__meeting__practice", ["disclosure"]),
    "meetings.Motion": ("meeting__practice", ["text", "as_amended", "sentence"]),
    "meetings.MinutesVersion": ("minutes__meeting__practice", ["text", "facts", "canonical"]),
    "meetings.WrittenConsent": ("practice", ["title", "text", "rationale", "closing_reason"]),
    "meetings.ConsentAnswer": ("consent__practice", ["reason"]),
    "meetings.Amendment": ("minutes__meeting__practice", ["text", "reason"]),
    "meetings.Comment": ("version__minutes__meeting__practice", ["text"]),
    "meetings.CommentAnswer": ("comment__version__minutes__meeting__practice", ["reason"]),
    "meetings.ClosedSession": ("item__meeting__practice", ["reported_out"]),
    # In closed parts: found and scrubbed by physicians to whom the part is open (OPEN_PARTS).
    "meetings.Matter": ("item__meeting__practice", ["subject", "presenter"]),
    "meetings.Naming": ("matter__item__meeting__practice", ["reason"]),
    "meetings.Resolution": ("matter__item__meeting__practice", ["text", "sentence"]),
    "meetings.ClosedVersion": ("matter__item__meeting__practice", ["text", "facts", "canonical"]),
    "meetings.ClosedAmendment": ("matter__item__meeting__practice", ["text", "reason", "canonical"]),
    "meetings.ClosedOpening": ("matter__item__meeting__practice", ["purpose"]),
    "meetings.ClosedPaper": ("matter__item__meeting__practice", ["title", "file_name", "note"]),
    "meetings.ClosedPaperWithdrawal": ("matter__item__meeting__practice", ["reason"]),
}
# Which closed parts of a practice are open to a person.
OPEN_PARTS = "meetings.selectors.compartments.open_parts"
# Texts that are no record: the way to the practice, and the fields. They are overwritten by the same act.
SCRUBBABLE_DRAFTS = {
    "meetings.ItemDraft": ("item__meeting__practice", ["text"]),
    "meetings.WorkingDraft": ("minutes__meeting__practice", ["text"]),
    "meetings.ClosedDraft": ("matter__item__meeting__practice", ["text"]),
    "governance.CatalogueDraft": ("practice", ["rights"]),
    "governance.ImportDraft": ("practice", ["lines"]),
    "audit.Job": ("practice", ["arguments", "error"]),
}
AUDIT_PACK_SECTIONS = [
    "governance.pack.catalogue",
    "meetings.boundary.pack.boundary",
    "meetings.pack.minutes",
    "decisions.pack.decisions",
    "decisions.pack.corrective_actions",
    "governance.pack.refusals",
]
# Models whose rows say what an act's actor was besides holding an office.
CAPACITIES = ["governance.DelegatedAct"]
# What sending each form means: tables by the name of the address it goes to.
MEANINGS = [
    "governance.meanings.ACTS",
    "decisions.meanings.ACTS",
    "meetings.meanings.ACTS",
    "meetings.meanings_closed.ACTS",
]
# Whether a text cites the decision of a body on which an act of one of its members stands.
RESOLUTIONS = "decisions.services.bodies.resolved"
AGENDA_SOURCES = [
    "decisions.agenda.open_proposals",
    "decisions.agenda.open_corrective_actions",
    "meetings.between.decided_between",
]
DESK_SOURCES = [
    "meetings.waiting.meetings",
    "meetings.waiting_closed.closed_parts",
    "meetings.waiting.circulated",
    "meetings.waiting.consents",
    "meetings.waiting.proposed_items",
    "meetings.waiting.notices",
    "decisions.waiting.proposals",
    "decisions.waiting.corrective_actions",
    "decisions.waiting.operational_items",
    "governance.waiting.hidden_text",
    "governance.waiting.holds_to_acknowledge",
]
# What is mailed: its name for administrators, and who composes it.
MAILS = {
    "invitation": ("Invitation", "governance.invitations.letter"),
    "notice": ("Notice of a meeting", "meetings.letters.notice"),
    "circulated": ("Minutes to comment on", "meetings.letters.circulated"),
    "reminder": ("Reminder", "meetings.reminders.letter"),
    "hold_lifted": ("Legal hold lifted", "governance.letters.hold_lifted"),
}
# What the worker does beside rendering, and the seconds between two runs.
REGULAR_WORK = {
    "governance.mail.send_waiting": 2,
    "meetings.reminders.remind": 600,
}
# What is told, inside its act, that the papers of a proposal changed.
PAPERS_CHANGED = ["meetings.services.packets.papers_of_proposal_changed"]
RENDERED_LAST = ["preview", "packet", "closed_packet"]
RENDERERS = {
    "preview": "decisions.rendering.preview",
    "packet": "meetings.packet.packet",
    "minutes": "meetings.rendering.minutes",
    "closed": "meetings.rendering_closed.closed",
    "closed_packet": "meetings.packet_closed.closed_packet",
    "consent": "meetings.rendering_consent.consent",
    "pack": "governance.rendering.pack",
    "catalogue": "governance.rendering_catalogue.catalogue",
    "redaction": "audit.services.redaction.redaction",
}

# Security
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF, *sign_on_origins(SOCIALACCOUNT_PROVIDERS)],  # a browser minds redirects after a form too
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_HTTPONLY = True
if not DEMONSTRATION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Mail (docs/operations.md). Without a host it is printed, for a trial.
_mail_host = env.str("MAIL_HOST", default="")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail_host,
            "port": env.int("MAIL_PORT", default=587),
            "username": env.str("MAIL_USER", default=""),
            "password": env.str("MAIL_PASSWORD", default=""),
            "use_tls": env.str("MAIL_SECURITY", default="starttls") == "starttls",
            "use_ssl": env.str("MAIL_SECURITY", default="starttls") == "tls",
            "timeout": 20,
        },
    }
    if _mail_host
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="brightline@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf")},
    "root": {"handlers": ["console"], "level": "INFO"},
}
