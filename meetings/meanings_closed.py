"""What it means to send each form of a closed part, in plain words."""

from governance.explaining import Meaning
from meetings.services.base import OVERSIGHT

_PROTECTED = "Evidence Code 1157; counsel says whether its protection is asserted."


def _of(text: str, *verbs: str, cites: str = "") -> Meaning:
    return Meaning(text=text, rights=(OVERSIGHT,), verbs=verbs, cites=cites)


ACTS: dict[str, Meaning] = {
    "meetings:closed_put": _of(
        "The chair puts a matter before the body of which the agenda says no more than that it exists. It is open to"
        " who is entitled by office on that day or by name, and never to who is concerned.",
        "agenda.closed_item_added",
        cites=_PROTECTED,
    ),
    "meetings:closed_do enter": _of(
        "The chair closes the session. Who is not entitled leaves, and who stays, who leaves and by which rule stands"
        " in the record.",
        "closed_session.entered",
        cites=_PROTECTED,
    ),
    "meetings:closed_do return": _of(
        "The chair opens the session again and says what is reported out, or that nothing is.",
        "closed_session.returned",
    ),
    "meetings:closed_do resolve": _of(
        "States how each member voted in the closed session. Recording it decides nothing and gives no vote.",
        "closed_session.voted",
        cites="Corporations Code 307(a)(8).",
    ),
    "meetings:closed_do defer": _of(
        "The item is not dealt with now. The next meeting must take it up.", "item.deferred"
    ),
    "meetings:closed_do name": _of(
        "Opens the part to somebody by name, keeps it closed to somebody concerned, or says who records it.",
        "closed_item.named",
    ),
    "meetings:closed_do designate": _of(
        "Counsel of the corporation says whether a protection of this part is asserted. Nothing more is printed of it.",
        "closed_item.designated",
        cites="Evidence Code 1157; B&P 805(a)(1)(B).",
    ),
    "meetings:closed_do draft": _of(
        "A draft is no record. You alone record this part, until you attest it.", cites="Decides nothing."
    ),
    "meetings:closed_do attest": _of(
        "You attest, as who recorded it, that this is what was done in the closed session. It enters the record.",
        "closed_record.attested",
    ),
    "meetings:closed_do sign": _of(
        "Your signature makes this the record of the closed part. Nothing under it changes any more.",
        "closed_record.signed",
        cites="Corporations Code 314; Civil Code 1633.7.",
    ),
    "meetings:closed_do open": _of(
        "You read what is closed, in your office and for a purpose that stands in the record.",
        "closed_part.opened",
        cites="45 CFR 164.312(b): what is read is recorded.",
    ),
    "meetings:closed_do take": _of(
        "A copy leaves this installation, and you answer for where it goes. The purpose stands in the record.",
        "closed_record.taken",
        cites="45 CFR 164.312(b): what leaves is recorded.",
    ),
    "meetings:closed_do paper": _of(
        "The paper lies in the closed part with its hash. The ledger tells everybody else that something was written in"
        " it, not what.",
        "closed_part.written",
        cites=_PROTECTED,
    ),
    "meetings:closed_do replace": _of(
        "A new version stands in the place of a paper. The earlier one stays in the closed part.", "closed_part.written"
    ),
    "meetings:closed_do withdraw": _of(
        "The paper is no longer relied on, for a reason. Its versions stay in the closed part.", "closed_part.written"
    ),
    "meetings:closed_do amend": _of(
        "Corrects the signed record beside it, never in it, as who recorded it or as a chair who was in the session.",
        "closed_record.amended",
        cites="Corporations Code 314; Civil Code 1633.7.",
    ),
    "meetings:closed_do release": _of(
        "The corporation lets counsel or a successor read the part, never the management company or who is concerned.",
        "closed_part.released",
        cites=_PROTECTED,
    ),
}
