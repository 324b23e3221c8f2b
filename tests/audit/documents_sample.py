"""Sample documents: the minutes of an oversight meeting, and a pack's cover."""

# ruff: noqa: E501 - markup

from datetime import UTC, datetime

from audit.documents.base import Attached

CREATED = datetime(2026, 11, 20, 17, 42, 9, tzinfo=UTC)

ATTENDANCE = [
    ("Dr. Amara Okonkwo", "Medical Director", "pc", "In person", "9:00–10:14"),
    ("Dr. Benoît Lefèvre", "Physician member", "pc", "By video", "9:00–10:14"),
    ("Dr. Zofia Wójcik-Hale", "Physician member", "pc", "By video", "9:06–10:14"),
    ("Marcus Teal", "MSO liaison, no vote", "mso", "In person", "9:00–9:52"),
    ("Priya Raman", "Clinical operations, no vote", "mso", "In person", "9:00–9:52"),
]

ROLL = [
    ("Dr. Amara Okonkwo", "For", ""),
    ("Dr. Benoît Lefèvre", "For", ""),
    ("Dr. Zofia Wójcik-Hale", "Recused", "Holds an interest in the proposed supplier"),
]


def minutes(note: str = "Nothing further.", *, rows: int = 12) -> str:
    """The minutes; `note` is markup, `rows` the length of the register."""
    side = {"pc": '<span class="pc">PC</span>', "mso": '<span class="mso">MSO</span>'}
    attendance = "".join(
        f'<tr><th scope="row">{name}</th><td>{office}</td><td>{side[s]}</td><td>{how}</td><td>{when}</td></tr>'
        for name, office, s, how, when in ATTENDANCE
    )
    roll = "".join(f'<tr><th scope="row">{n}</th><td>{v}</td><td>{why}</td></tr>' for n, v, why in ROLL)
    register = "".join(
        f'<tr><th scope="row">CA-{i:03d}</th><td>Chart sample {i} below the agreed indicator for timely '
        f"co-signature</td><td>Dr. Amara Okonkwo</td><td>2026-12-{1 + i % 28:02d}</td>"
        f'<td><span class="tag">{"Open" if i % 3 else "Closed"}</span></td></tr>'
        for i in range(1, rows + 1)
    )
    return f"""<!doctype html><html><head><title>x</title></head>
<body data-practice="Harbor Bridge Medical Group, P.C." data-document="Minutes of the Clinical Governance Committee"
 data-seal="Ledger harbor-bridge · entry 1,204 · record sha256 7f3a9c1e…b20d">
<header class="masthead"><p class="kind">Signed minutes</p>
<h1>Clinical Governance Committee</h1>
<p class="lead">Regular meeting of November 20, 2026</p></header>
<table class="facts"><tbody>
<tr><th scope="row">Called to order</th><td>9:00 a.m. Pacific Time by Dr. Amara Okonkwo, presiding</td></tr>
<tr><th scope="row">Place</th><td>Suite 410, Harbor Bridge Clinic, and by video</td></tr>
<tr><th scope="row">Quorum</th><td>3 of 3 physician members present; 2 required</td></tr>
<tr><th scope="row">Notice</th><td>Given November 13, 2026, with agenda and papers</td></tr></tbody></table>
<h2 id="attendance">Attendance</h2>
<table><colgroup><col class="w-25"><col class="w-30"><col class="w-10"><col class="w-15"><col class="w-20"></colgroup>
<thead><tr><th>Person</th><th>Office</th><th>Side</th><th>Presence</th><th>Present</th></tr></thead>
<tbody>{attendance}</tbody></table>
<h2>1. Supplier of point-of-care ultrasound</h2>
<p>Ms. Raman presented the operational comparison of two suppliers. The committee discussed image quality,
training and the effect on the supervision of advanced practice providers, see <a href="#attendance">who was
present</a>. The management services organization answered questions of fact and left before deliberation.</p>
<section class="motion"><h3>Motion 2026-11-03</h3>
<p class="text">Resolved, that the practice approve the ultrasound protocol, revision 4, and the supplier
recommended in paper 2, on the condition that every operator completes the supervised training.</p>
<p>Moved by Dr. Okonkwo, seconded by Dr. Lefèvre. Decided under right
<strong>CL-07 Clinical equipment and protocols</strong>, held by <span class="pc">PC</span>.</p>
<table><colgroup><col class="w-35"><col class="w-15"><col class="w-50"></colgroup>
<thead><tr><th>Roll call</th><th>Vote</th><th>Reason</th></tr></thead><tbody>{roll}</tbody></table>
<p class="result">Carried: 2 for, 0 against, 1 recused.</p></section>
<h2>2. Corrective actions</h2>
<table><colgroup><col class="w-10"><col class="w-40"><col class="w-25"><col class="w-15"><col class="w-10"></colgroup>
<thead><tr><th>Number</th><th>Finding</th><th>Owner</th><th>Due</th><th>State</th></tr></thead>
<tbody>{register}</tbody></table>
<h2>3. Who decides what</h2>
<table class="sides"><thead><tr><th class="pc-side"><span class="pc">PC</span> decides</th>
<th class="mso-side"><span class="mso">MSO</span> provides</th></tr></thead><tbody>
<tr><td class="pc-side">Selection of clinical equipment</td><td class="mso-side">Comparison of offers, purchase</td></tr>
<tr><td class="pc-side">Protocols and their revision</td><td class="mso-side">Publication in the intranet</td></tr></tbody></table>
<h2>4. Record</h2><p>{note}</p>
<ol class="timeline"><li><span class="when">Nov 20, 2026, 9:00 a.m.</span>Meeting called to order</li>
<li><span class="when">Nov 20, 2026, 9:41 a.m.</span>Motion 2026-11-03 carried</li>
<li><span class="when">Nov 20, 2026, 10:14 a.m.</span>Adjourned</li></ol>
<section class="signature"><h2>Signed</h2><p class="name">Dr. Amara Okonkwo</p>
<p class="office">Medical Director, presiding, for <span class="pc">PC</span></p>
<p class="statement">I presided at this meeting, and these minutes are a true record of it.</p>
<table class="facts"><tbody><tr><th scope="row">Signed</th><td>November 20, 2026, 5:42:09 p.m. UTC</td></tr>
<tr><th scope="row">Signature covers</th><td><code>sha256 7f3a9c1e55d0c0ffee1122334455667788990a0b0c0d0e0f101112131415b20d</code></td></tr>
</tbody></table>
<p class="seal">brightline.example/log/harbor-bridge
1204
q2uk0v0oKk2hrJtQx5ZbZ0n5s1n3pDc0w1m6oYcQ1zE=</p></section></body></html>"""


def cover() -> str:
    """The cover and contents of a pack of two further parts."""
    return """<!doctype html><html><body data-practice="Harbor Bridge Medical Group, P.C." data-document="Audit pack"
 data-seal="Ledger harbor-bridge · size 1,204">
<section class="cover"><p class="kind">Audit pack</p><h1>Physician authority, third quarter 2026</h1>
<p class="subject">Meetings, decisions and corrective actions of Harbor Bridge Medical Group, P.C.,
July 1 to September 30, 2026</p>
<table class="facts"><tbody><tr><th scope="row">Prepared for</th><td>Ellis &amp; Ward, counsel to the practice</td></tr>
<tr><th scope="row">Parts</th><td>3</td></tr><tr><th scope="row">Ledger size</th><td>1,204 entries</td></tr></tbody></table>
</section><h2>Contents</h2><ol class="contents"><li><a href="part:2" data-part="Part 2">Minutes of November 20, 2026</a></li>
<li><a href="part:3" data-part="Part 3">Annex: all entries</a></li></ol></body></html>"""


def annex(lines: int = 90) -> str:
    """A fixed-width annex."""
    body = "\n".join(
        f"{i:6d}  2026-11-{1 + i % 28:02d}T09:{i % 60:02d}:00Z  decision.recorded   CL-07  pc   "
        f"{i * 2654435761 % 2**64:016x}"
        for i in range(lines)
    )
    return f"""<!doctype html><html><body data-practice="Harbor Bridge Medical Group, P.C." data-document="Annex"
 data-seal=""><h1>All entries</h1><p class="lead">One line an entry.</p><pre class="annex">{body}</pre></body></html>"""


def data_files() -> list[Attached]:
    """Two attachments as a sealed document carries them."""
    return [
        Attached(
            name="record.json",
            data=b'{"v":1}',
            description="Canonical record",
            mime="application/json",
            relationship="Source",
        ),
        Attached(name="entries.csv", data=b"idx,leaf\n0,ab\n", description="Entries", mime="text/csv"),
    ]
