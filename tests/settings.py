"""Brightline's settings for tests: the environment is fixed before they are read."""

import os

os.environ.setdefault("SECRET_KEY", "for-tests-only-and-never-anywhere-else-0123456789")
os.environ.setdefault("DEMONSTRATION", "1")

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# No checkpointer runs beside the tests, so nothing is worth waiting for.
CHECKPOINT_WAIT = 0
