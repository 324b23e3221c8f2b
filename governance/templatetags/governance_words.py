"""Words for rulings and rights in templates."""

from django import template
from django.contrib.auth.base_user import AbstractBaseUser
from django.template import RequestContext

from audit.models import Act
from governance.authority import Ruling
from governance.choices import Side
from governance.models import Appointment

register = template.Library()

TITLES = {
    "no office": "This needs an office in this practice",
    "other side": "This right is held by the other side",
    "not this office": "Another office decides this",
    "license": "This needs a license in force",
    "unknown right": "The catalogue has no such right",
}


@register.filter
def refusal_title(rule: str) -> str:
    """What kind of refusal it is, as a heading."""
    return TITLES.get(rule, "Refused")


@register.simple_tag(takes_context=True)
def here(context: RequestContext) -> str:
    """The address of the page, also within an include that is given nothing else.

    A page shown after the proof of who acts stands at the address of the proof; its form goes to its own.
    """
    return context.request.get_full_path()


@register.simple_tag
def own_clock(user: AbstractBaseUser) -> str:
    """The time zone of the practice in which a person came into office last; UTC for who has none."""
    held = Appointment.objects.filter(person__account=user.pk).order_by("-starts_at")
    return held.values_list("practice__time_zone", flat=True).first() or "UTC"


@register.filter
def in_a_list(text: str | None) -> list[str]:
    """One text as the list of texts that a component takes."""
    return [text] if text else []


@register.filter
def holder_name(ruling: Ruling) -> str:
    """Who holds the right: the corporation or the management company by name, and who decides for it."""
    if ruling.right is None:
        return ""
    practice = ruling.practice
    name = practice.name if ruling.right.holder == Side.PC else practice.mso_name
    return f"{name}: {ruling.right.deciders}"


@register.filter
def entry_ref(number: int | None) -> str:
    """A ledger entry in words."""
    return "" if number is None else f"entry {number} of the ledger"


@register.filter
def words(verb: str) -> str:
    """A verb of the record as a person reads it: "appointment.made" is "Appointment made"."""
    return verb.replace(".", " ").replace("_", " ").capitalize()


@register.filter
def object_name(act: Act) -> str:
    """The number of an act's object; its kind before it where the number says nothing."""
    kind = act.object_type.rpartition(".")[2]
    if len(act.object_id) == 36:
        return ""
    return f"{kind} {act.object_id}" if act.object_id.isdecimal() else act.object_id
