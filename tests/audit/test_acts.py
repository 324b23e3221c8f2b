from audit.acts import service
from audit.models import Act, Entry
from governance import authority
from tests.cast import Cast


def test_founding_and_appointments_are_acts(cast: Cast) -> None:
    acts = Act.objects.filter(practice=cast.practice.pk)
    assert acts.filter(verb="practice.opened", capacity="founding").count() == 1
    assert acts.filter(verb="appointment.made", capacity="decides").exists()
    assert list(Entry.objects.values_list("index", flat=True).order_by("index")) == list(range(Entry.objects.count()))


def test_a_row_written_twice_in_one_act(cast: Cast) -> None:
    @service
    def write() -> None:
        authority.exercise(actor=cast.director, practice=cast.practice, right="DR-21", verb="site.renamed")
        site = cast.satellite
        for name in ("Elsewhere", "Back again"):
            site.name = name
            site.save()

    write()
    assert cast.satellite.name == "Back again"
    assert list(cast.satellite.history.values_list("name", flat=True))[:2] == ["Back again", "Elsewhere"]
