"""Papers as a page shows them: the version that stood at a moment, what came before it, whether it came late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from decisions.models import Paper, PaperVersion, PaperWithdrawal, Proposal


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A paper at a moment. `released_at` is when the agenda it lies under was released, after which it comes late."""

    paper: Paper
    versions: list[PaperVersion]
    withdrawal: PaperWithdrawal | None
    released_at: datetime | None = None

    @property
    def newest(self) -> PaperVersion:
        """The version that stood, or stands."""
        return self.versions[0]

    @property
    def late(self) -> bool:
        """Whether the version that stands came after the agenda was released."""
        return self.released_at is not None and self.newest.made_at > self.released_at


def with_versions(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """The papers with versions, files, authors and withdrawals; three queries however many there are."""
    return (
        papers.select_related("withdrawal", "proposal")
        .prefetch_related(
            Prefetch("versions", PaperVersion.objects.select_related("document", "person", "appointment"))
        )
        .order_by("pk")
    )


def shown(
    papers: Iterable[Paper], *, until: datetime | None = None, released_at: datetime | None = None
) -> list[Shown]:
    """The papers as they stood `until` a moment, or stand now; those that came later are left out."""
    found = []
    for paper in papers:
        versions = [one for one in paper.versions.all() if until is None or one.made_at <= until]
        withdrawal: PaperWithdrawal | None = getattr(paper, "withdrawal", None)
        if withdrawal and until and withdrawal.made_at > until:
            withdrawal = None
        if versions:
            found.append(Shown(paper=paper, versions=versions, withdrawal=withdrawal, released_at=released_at))
    return found


def papers_of(proposal: Proposal) -> list[Shown]:
    """The papers under a proposal, the withdrawn ones too. Two queries."""
    return shown(with_versions(Paper.objects.filter(proposal=proposal)))
