"""People with a known password exist in a demonstration alone."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("options", [[], ["--downloads"]])
def test_the_demonstration_is_loaded_in_a_demonstration_only(options: list[str], settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="in a demonstration only"):
        call_command("load_demo", *options)
