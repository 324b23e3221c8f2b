"""The link by which somebody who was entered sets a password: allauth's own, printed or mailed."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from governance.models import Account


def invitation_link(account: Account) -> str:
    """A link for one use, valid as long as PASSWORD_RESET_TIMEOUT says (three days) and until a password is set."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)},
    )
    return f"{settings.SITE_URL}{path}"
