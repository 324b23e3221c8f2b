"""Looking at a page: wide and narrow, light and dark, with the keyboard, and as a machine reads it."""

from typing import Literal

from playwright.sync_api import Page, ViewportSize

from config.installation import PROJECT
from tests.browser.watch import barriers

PICTURES = PROJECT / "var" / "screenshots"
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
SCHEMES: dict[Literal["dark", "light"], list[str] | None] = {"dark": ["color-contrast"], "light": None}
"""The rules of axe-core tried in each; None for all."""
_SCROLLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TIDY = """() => document.querySelectorAll('[style=""]').forEach((element) => element.removeAttribute("style"))"""
"""Taking a picture leaves empty styles on inputs; htmx would copy them to new content, which the policy forbids."""
_TWICE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
"""A label, an error's link or a script finds only the first of two elements of one id."""
_FOCUS = """() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused), place = focused.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const inside = place.width > 0 && place.height > 0 && place.bottom > 0 && place.right > 0;
    return {tag: focused.tagName, ring, inside};
}"""


def look(page: Page, name: str, *, pictures: bool = True, keyboard: bool = True) -> list[str]:
    """What is wrong with the looks of the page as it stands; it is left wide and light.

    `pictures` keeps four of them under var/screenshots/, named after `name`.
    """
    faults: list[str] = []
    for scheme, rules in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        faults += [f"{fault} ({scheme})" for fault in barriers(page, rules=rules)]
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            faults += _too_broad(page, size["width"])
            if pictures:
                page.screenshot(path=PICTURES / f"{name}-{size['width']}-{scheme}.png", full_page=True)
    page.evaluate(_TIDY)
    faults += [f"{page.url} has two elements of the id {name!r}" for name in page.evaluate(_TWICE)]
    if keyboard:
        faults += _first_tab(page)
    return faults


def glance(page: Page) -> list[str]:
    """Only whether the page fits a narrow window and shows the first focus; it is left narrow."""
    page.set_viewport_size(NARROW)
    return _too_broad(page, NARROW["width"]) + _first_tab(page)


def _too_broad(page: Page, width: int) -> list[str]:
    beyond = page.evaluate(_SCROLLS)
    return [f"{page.url} is {beyond} px broader than a window of {width} px"] if beyond > 0 else []


def _first_tab(page: Page) -> list[str]:
    page.keyboard.press("Tab")
    return unseen_focus(page)


def unseen_focus(page: Page) -> list[str]:
    """A fault where the focus is nowhere, out of sight, or without a ring."""
    focus = page.evaluate(_FOCUS)
    shown = focus["tag"] != "BODY" and focus["ring"] and focus["inside"]
    return [] if shown else [f"{page.url}: the focus is at {focus}, which does not show it"]
