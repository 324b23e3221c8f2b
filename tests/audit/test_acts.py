from audit.models import Act, Entry


def test_founding_and_appointments_are_acts(cast):
    acts = Act.objects.filter(practice=cast.practice.pk)
    assert acts.filter(verb="practice.opened", capacity="founding").count() == 1
    assert acts.filter(verb="appointment.made", capacity="decides").exists()
    assert list(Entry.objects.values_list("index", flat=True).order_by("index")) == list(range(Entry.objects.count()))
