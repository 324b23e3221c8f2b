"""Adjournment waits for every item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.adjourn import AdjournmentRefused, Item, open_items, require_settled
from meetings.rules.workflow import ItemState

ITEMS = st.lists(
    st.builds(Item, st.text(min_size=1), st.sampled_from(ItemState), st.sampled_from(["", " \t", "Labs are late"]))
)


def test_every_obstacle_is_named() -> None:
    items = [
        Item("1. Clinical operations", ItemState.HANDLED),
        Item("4. Credentialing", ItemState.OPEN),
        Item("5. Supervision", ItemState.DEFERRED, "  "),
        Item("6. Protocol review", ItemState.DEFERRED, "The author is away."),
    ]
    with pytest.raises(AdjournmentRefused) as refused:
        require_settled(items)
    assert str(refused.value) == (
        "The meeting cannot adjourn: “4. Credentialing” is neither handled nor deferred. "
        "“5. Supervision” is deferred without a reason."
    )
    assert [entry.item for entry in refused.value.open_items] == items[1:3]


@given(ITEMS)
def test_a_meeting_adjourns_exactly_when_every_item_is_settled(items: list[Item]) -> None:
    settled = [
        item.state in (ItemState.HANDLED, ItemState.DROPPED, ItemState.WITHDRAWN)
        or (item.state is ItemState.DEFERRED and bool(item.reason.strip()))
        for item in items
    ]
    remaining = open_items(items)
    assert [entry.item for entry in remaining] == [item for item, done in zip(items, settled, strict=True) if not done]
    if all(settled):
        require_settled(items)
    else:
        with pytest.raises(AdjournmentRefused):
            require_settled(items)
