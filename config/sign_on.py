"""Identity providers from the operator's file: `SIGN_ON_FILE` names a JSON file that only the web process reads.

    {"openid_connect": [{"provider_id": "clinic", "name": "Clinic directory", "client_id": "…", "secret": "…",
                         "settings": {"server_url": "https://id.example", "domains": ["clinic.example"]}}],
     "saml": [{"provider_id": "https://id.example/metadata", "client_id": "hospital", "name": "Hospital directory",
               "settings": {"idp": {"entity_id": "…", "sso_url": "…", "x509cert": "…"}, "attribute_mapping": {…},
                            "domains": ["hospital.example"]}}]}

The entries are allauth's own (SOCIALACCOUNT_PROVIDERS, APPS), but for `domains`: what stands behind the @ of the
addresses that the provider vouches for, in small letters. It opens no account of another domain.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

KINDS = {"openid_connect": ("provider_id", "name", "client_id", "secret"), "saml": ("provider_id", "name", "client_id")}
"""Which kinds there are, and what an entry of each must say."""

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
"""What stands behind the @ of an address."""


def providers(path: str) -> dict[str, Any]:
    """The providers of the file; none without one. Raises ImproperlyConfigured naming the entry and the rule."""
    if not path:
        return {}
    try:
        said = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"SIGN_ON_FILE cannot be read: {error}") from error
    if not isinstance(said, dict) or set(said) - set(KINDS):
        raise ImproperlyConfigured(f"SIGN_ON_FILE: an object with the lists {' and '.join(KINDS)}, nothing else.")
    for kind, entries in said.items():
        for number, entry in enumerate(entries, start=1):
            missing = [name for name in KINDS[kind] if not entry.get(name)]
            if missing:
                raise ImproperlyConfigured(f"SIGN_ON_FILE: entry {number} of {kind} lacks {', '.join(missing)}.")
            if not _address(kind, entry).startswith("http"):
                place = "settings.server_url" if kind == "openid_connect" else "settings.idp.sso_url"
                raise ImproperlyConfigured(f"SIGN_ON_FILE: entry {number} of {kind} lacks {place}, an address.")
            if not _are_domains(entry["settings"].get("domains")):
                raise ImproperlyConfigured(
                    f"SIGN_ON_FILE: entry {number} of {kind} lacks settings.domains, a list of the domains that it"
                    " vouches for, such as clinic.example, in small letters."
                )
    return {kind: {"APPS": entries, "OAUTH_PKCE_ENABLED": True} for kind, entries in said.items()}


def origins(known: dict[str, Any]) -> list[str]:
    """The origins to which a sign-in form may lead; an entry's `settings.origin` where that is not its address's."""
    found = set()
    for kind, options in known.items():
        for entry in options["APPS"]:
            parts = urlsplit(entry["settings"].get("origin") or _address(kind, entry))
            found.add(f"{parts.scheme}://{parts.netloc}")
    return sorted(found)


def _are_domains(said: Any) -> bool:
    return isinstance(said, list) and bool(said) and all(DOMAIN.fullmatch(str(one)) for one in said)


def _address(kind: str, entry: dict[str, Any]) -> str:
    settings = entry.get("settings") or {}
    if kind == "openid_connect":
        return str(settings.get("server_url", ""))
    return str((settings.get("idp") or {}).get("sso_url", ""))
