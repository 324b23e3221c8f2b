"""What it means to hold each office, in plain words; shown before somebody is appointed."""

from governance.choices import Office

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
