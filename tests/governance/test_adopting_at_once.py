"""Two adoptions at the same moment: one version comes into force, and the record holds one adoption of one base."""

from collections.abc import Callable

from governance.catalogue import CatalogueRefused
from governance.choices import CatalogueState
from governance.models import CatalogueAdoption, CatalogueVersion, Person
from governance.services.catalogue import adopt_version
from tests.cast import Cast
from tests.decisions.test_concurrency import at_once
from tests.governance.test_versions import cleared, day, proposed, resolution


def adoption(cast: Cast, actor: Person, version: CatalogueVersion, *, days: int = 1) -> Callable[[], object]:
    cited = resolution(cast)
    return lambda: adopt_version(actor=actor, version=version, resolution=cited, effective_on=day(cast, days))


def test_a_version_is_adopted_once(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    results = at_once(adoption(cast, cast.director, version), adoption(cast, cast.physician, version, days=2))
    assert {type(result) for result in results} == {CatalogueVersion, CatalogueRefused}, results
    made = CatalogueAdoption.objects.get()
    version.refresh_from_db()
    assert (version.state, version.effective_from) == (CatalogueState.ADOPTED, made.effective_from)


def test_of_two_versions_from_one_base_one_is_adopted(cast: Cast) -> None:
    first = cleared(cast, proposed(cast, cast.operations))
    second = cleared(cast, proposed(cast, cast.executive, code="DR-37", other_side="informed"))
    results = at_once(adoption(cast, cast.director, first), adoption(cast, cast.physician, second, days=2))
    assert {type(result) for result in results} == {CatalogueVersion, CatalogueRefused}, results
    made = CatalogueAdoption.objects.select_related("version__base").get()
    left = CatalogueVersion.objects.get(state=CatalogueState.PROPOSED)
    assert left.base == made.version.base, "what the other was drafted from rules no longer when it comes"
