"""The verifier of audit packs: knows nothing of Django, of the database or of the rest of Brightline.

A stranger runs it on Python 3.9 without any package, so it must be one file: `bundle.one_file` makes
`verify_pack.py` out of these modules, in this order.

- `base`: what is found, and the errors that end a check
- `files`: a pack as a folder or a zip file, read in pieces within limits
- `syntax`, `pdf`: a pack as a PDF, read as PDF software reads it
- `seal`: the PDF's own signature
- `formats`: JSON, keys, checkpoints, the Merkle tree
- `entries`: the ledger's entries against the checkpoint
- `texts`: the texts of the acts, and why one may be withheld
- `lists`: documents, titles and lists against the ledger
- `judge`: all checks of a pack
- `large`: the same for packs that are plainly in order, on every core
- `verdict`: headline, exit code and what is printed
"""
