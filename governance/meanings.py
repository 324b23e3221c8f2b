"""What it means to hold each office, and to send each form of this room, in plain words."""

from governance.choices import Office
from governance.explaining import Meaning
from governance.services import investor

NO_RIGHT = "Decides no right of the catalogue."

MEANING: dict[Office, str] = {
    Office.SHAREHOLDER: "Owns shares of the professional corporation and votes them; never by a lay proxy.",
    Office.DIRECTOR: "Sits on the board, counts for its quorum and votes. Needs a physician's license in force.",
    Office.OFFICER: "Carries out what the board decides. Decides no right by this office.",
    Office.COMMITTEE_MEMBER: "Sits on a committee of the board and votes there.",
    Office.MEDICAL_DIRECTOR: (
        "Chairs the oversight meeting, approves proposals with clinical effect, may stop any service at once, and signs"
        " the minutes. One at a time."
    ),
    Office.PHYSICIAN: "Decides about care, and takes part in oversight. Needs a license in force.",
    Office.SUPERVISING_PHYSICIAN: "Answers for the supervision of PAs, NPs and RNs, and decides as a physician.",
    Office.ALTERNATE_CHAIR: (
        "Chairs when the Medical Director cannot, for a stated period that ends by itself. Decides no further right."
    ),
    Office.RECORDING_SECRETARY: "Records attendance, motions and minutes. Has no vote; no corporate secretary.",
    Office.MSO_OPERATIONS: "Runs operations and proposes to the physicians. Decides only the MSO's own rights.",
    Office.MSO_EXECUTIVE: "Decides for the management company and appoints its staff. Never a physicians' right.",
    Office.PC_COUNSEL: "Advises the corporation; reads its record, peer review once it is released. Decides nothing.",
    Office.MSO_COUNSEL: "Advises the management company; reads the open record. Decides nothing.",
    Office.AUDITOR: "Reads the open record and asks for audit packs, for a stated period. Decides nothing.",
    Office.ADMINISTRATOR: (
        "Sends invitations and keeps the rules of signing in, for the management company. Sees nothing of the record"
        " and decides nothing by this office."
    ),
    Office.PC_ADMINISTRATOR: (
        "Sends invitations and keeps the rules of signing in, for the physicians' corporation. Sees nothing of the"
        " record and decides nothing by this office."
    ),
}

_VERSION = "The right under which the version in force is amended"

ACTS: dict[str, Meaning] = {
    "governance:appoint": Meaning(
        text="A decision of the side that fills the office. From its first day the person may act in the office and"
        " answers for what is done in it; every act names the appointment it stands on.",
        of="The right beside each office below",
        verbs=("appointment.made",),
    ),
    "governance:end_appointment": Meaning(
        text="A decision of the side that fills the office. From that moment the person can no longer act in it, and"
        " what only this office could see is closed. Acts already taken stand; the row is kept, nobody is deleted.",
        of="The right under which the office is filled",
        verbs=("appointment.ended",),
    ),
    "governance:act_as": Meaning(
        text="You state in which of your offices you act until you choose another. The law asks whose decision each"
        " one is, so what you propose for one side you cannot determine for the other.",
        cites="Decides nothing by itself: each act names its own right and this office. B&P 2400.",
        verbs=(),
    ),
    "governance:enter_license": Meaning(
        text="You state what the board's register says, read at its source. A physician decides for the corporation"
        " only while the latest verification is young enough and the license in force; both end by the calendar alone.",
        rights=("DR-09",),
        cites="You verify, and decide nobody's credentials.",
        verbs=("license.verified",),
    ),
    "governance:change_limit": Meaning(
        text="A decision of the physicians. A shorter limit takes physicians' authority away at once where the last"
        " verification is older; a longer one gives it back.",
        rights=("DR-09",),
        verbs=("license_limit.set",),
    ),
    "governance:investor": Meaning(
        text="The corporation states who stands behind the practice. Health & Safety Code 1191 binds private equity"
        " groups and hedge funds; the statement decides whether the boundary report says that the section applies or"
        " uses it as a yardstick. It changes no law and no duty: whether the section applies is for counsel to judge.",
        rights=(investor.RIGHT,),
        verbs=("investor.stated",),
    ),
    "governance:invite": Meaning(
        text="The person is entered and may set a password by a link that only they receive. It gives no office and"
        " no part in any decision: that is an appointment.",
        cites=f"{NO_RIGHT} 45 CFR 164.312(a)(2)(i) and (d): each user is known as one person.",
        verbs=("person.invited",),
    ),
    "governance:invite_again": Meaning(
        text="A new link goes out and the earlier one works no longer. Nobody sets a password for somebody else.",
        cites=f"{NO_RIGHT} 45 CFR 164.312(d).",
        verbs=("invitation.sent",),
    ),
    "governance:invitation": Meaning(
        text="The link opens nothing any more. The person stays in the record, without a sign-in.",
        cites=f"{NO_RIGHT} 45 CFR 164.308(a)(4): access is given and taken by rule.",
        verbs=("invitation.revoked",),
    ),
    "import": Meaning(
        text="Writes each row that you see, in your name and office, as the same act by hand would: all or none.",
        of="The right named above each part",
        verbs=("roster.imported", "actions.imported", "agenda.imported"),
    ),
    "governance:mail": Meaning(
        text="The mail goes out once more, as it reads then. It tells, and decides nothing.",
        cites=NO_RIGHT,
        verbs=("mail.asked_again",),
    ),
    "governance:change_settings": Meaning(
        text="You change what this installation asks of who signs in and whether it reminds of meetings, for everybody"
        " and at once. It gives and takes no authority; the PC's administrator alone makes a rule looser.",
        cites=f"{NO_RIGHT} 45 CFR 164.312(a)(2)(iii) and (d): automatic logoff, and proof of who asks.",
        verbs=("access_rules.changed",),
    ),
    "governance:delegate": Meaning(
        text="Another physician may decide in your place, under the rights you name, until the day you name. You keep"
        " the right and stay answerable for it; each act of your delegate says “as delegate of” you.",
        of="The rights that you choose",
        cites="From a physician to a physician alone: a lay proxy is void. Corporations Code 13406; B&P 2052, 2400.",
        verbs=("delegation.made",),
    ),
    "governance:end_delegation": Meaning(
        text="From this moment the delegate no longer decides in the delegator's place. Acts already taken stand.",
        of="The right that was delegated",
        verbs=("delegation.ended",),
    ),
    "governance:draft_submit": Meaning(
        text="You propose who shall decide what between the two sides. Proposing decides nothing: the version in force"
        " rules until counsel has cleared another and the corporation has adopted it.",
        of=_VERSION,
        verbs=("catalogue.proposed",),
    ),
    "governance:version_review": Meaning(
        text="Counsel's opinion, in your name, on whether the version keeps to the law. It adopts nothing; only a"
        " version that you clear can be adopted.",
        of=_VERSION,
        cites="Counsel advises and decides no right.",
        verbs=("catalogue.reviewed",),
    ),
    "governance:version_adopt": Meaning(
        text="A decision of the corporation: it allots who decides what between the two sides. From its first day every"
        " ruling reads this version.",
        of=_VERSION,
        verbs=("catalogue.adopted",),
    ),
    "governance:version_set_aside": Meaning(
        text="The version can no longer be adopted: taken back by who proposed it, or declined for the corporation by"
        " who could have adopted it. The version in force rules on.",
        of=_VERSION,
        verbs=("catalogue.set_aside",),
    ),
    "governance:audit_room": Meaning(
        text="You ask for a copy of the record of a period, to be read outside. What your offices do not open is left"
        " out and named. Who asked, when and what for stands on its cover and in the record.",
        cites=f"{NO_RIGHT} 45 CFR 164.312(b): what leaves is recorded.",
        verbs=("pack.requested",),
    ),
    "governance:document": Meaning(
        text="A copy leaves this installation, and you answer for where it goes. Who took it, when and what for stands"
        " in the record.",
        cites=f"{NO_RIGHT} 45 CFR 164.312(b).",
        verbs=("pack.downloaded", "document.downloaded"),
    ),
    "governance:hold_place": Meaning(
        text="Counsel orders records to be preserved. While a hold is in force, nothing hidden in the record is"
        " destroyed, whatever its retention period. Your side is asked to acknowledge the hold; the other side does not"
        " learn of it.",
        cites=f"{NO_RIGHT} The duty to preserve what a claim or an inquiry may ask for.",
        verbs=("hold.placed",),
    ),
    "governance:hold": Meaning(
        text="Counsel states that nothing needs to be preserved for this matter. Lifting destroys nothing: what"
        " was kept stays for at least 30 days more, and PC counsel disposes of it by a separate act."
        " Counsel and everyone who acknowledged the hold are told by mail.",
        cites=f"{NO_RIGHT} The duty to preserve ends with the matter.",
        verbs=("hold.lifted",),
    ),
    "governance:hold_acknowledge": Meaning(
        text="You state that you have read the hold and will preserve what it covers. You are told when it is lifted.",
        cites=f"{NO_RIGHT} The duty to preserve what a claim or an inquiry may ask for.",
        verbs=("hold.acknowledged",),
    ),
    "governance:hidden_open": Meaning(
        text="You open text that was hidden as patient data. The opening is recorded with your reason, for the PC's"
        " physicians and auditors to read; the text is shown once, on that page only.",
        cites=f"{NO_RIGHT} 45 CFR 164.502(b): no more than the purpose needs.",
        verbs=("sequestered.opened",),
    ),
    "governance:hidden_confirm": Meaning(
        text="You agree, as a second person, that what was hidden is patient data and should stay hidden. It is kept"
        " encrypted for at least 30 more days. After that PC counsel may have it destroyed, unless a legal hold is in"
        " force.",
        cites=f"{NO_RIGHT} Two people answer for what leaves the record: 45 CFR 164.502; Civil Code 56.10.",
        verbs=("scrub.confirmed",),
    ),
    "governance:hidden_restore": Meaning(
        text="You take the scrub back: every text and file stands again exactly as it was sealed, and the ledger proves"
        " it. Use it when the text was no patient data, or when less of it should be hidden; hide that part again.",
        cites=f"{NO_RIGHT} The record is kept as it was made.",
        verbs=("scrub.restored",),
    ),
    "governance:disposal": Meaning(
        text="You order the destruction of everything on the list. Nobody can bring it back. The list itself, your name"
        " and your reason stay in the record.",
        cites=f"{NO_RIGHT} 45 CFR 164.310(d)(2)(i) as a model for disposal; counsel sets the retention period.",
        verbs=("sequestered.disposed",),
    ),
    "governance:scrub": Meaning(
        text="Patient data is hidden in the record at once. First you see each place that holds the text: rows, their"
        " history, payloads of acts, sealed files, drafts. Then [scrubbed] takes its place where you choose; a sealed"
        " file is replaced by a redacted one. What was hidden is kept encrypted until a second person confirms it or"
        " restores it. Every hash of the ledger still holds.",
        cites=f"{NO_RIGHT} Physicians answer for it: 45 CFR 164.502; Civil Code 56.10.",
        verbs=("text.scrubbed",),
    ),
}
ACTS["governance:hold_place_on"] = ACTS["governance:hold_place"]
