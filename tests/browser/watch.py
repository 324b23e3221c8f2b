"""What a page must never do: complain in the console, break its own policy, or lock somebody out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

AXE = Axe()
GRAVE = {"serious", "critical"}


class Watch:
    """Listens to windows. Errors, warnings of the content policy and failed scripts become complaints."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 403 or 404 on purpose is told to the console too, under its own address.
        # What axe-core does to measure the page has no address.
        page, origin = message.page, message.location["url"]
        own_status = page is not None and origin == page.url and "Failed to load" in message.text
        cut = "net::ERR_INTERNET_DISCONNECTED" in message.text  # by the test itself
        if message.type == "error" and origin and not own_status and not cut:
            self.complaints.append(f"{origin}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")


def barriers(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """Serious and critical findings of axe-core on the page as it stands; only of `rules` where given."""
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    options["rules"] = {"target-size": {"enabled": True}}  # 24 px, as WCAG 2.2 AA asks; off unless asked for
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{page.url} {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
