"""A person at the case screen: what is pressed, what is seen and heard, and what arrives at the server."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

from tests.builders.case_json import Json
from tests.builders.case_site import CaseSite


@dataclass
class CaseScreen:
    """The screen in one tab. `errors` are what scripts and the security policy complained of."""

    page: Page
    site: CaseSite
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if "Policy" in said.text else None)

    def open(self, case: Json) -> "CaseScreen":
        """The case, usable."""
        self.page.goto(self.site.begin(case))
        return self.wait()

    def reload(self) -> "CaseScreen":
        """The same again."""
        self.page.reload()
        return self.wait()

    def wait(self) -> "CaseScreen":
        """Until the screen is ready."""
        self.page.wait_for_selector("body.ready", timeout=10_000)
        return self

    def press(self, *keys: str) -> "CaseScreen":
        """Keys one after the other, spelled as Playwright does."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def go(self, n: int) -> "CaseScreen":
        """To page n by clicking on it."""
        self.thumb(n).click()
        return self

    def thumb(self, n: int) -> Locator:
        """The option of a page at the left."""
        return self.page.locator(f"#page-{n}")

    def label(self, n: int) -> str:
        """What a screen reader says of the page."""
        return self.thumb(n).get_attribute("aria-label") or ""

    def text(self, selector: str) -> str:
        """What stands there."""
        return self.page.locator(selector).inner_text()

    @property
    def said(self) -> str:
        """The last sentence of the live region."""
        return self.text("#said")

    @property
    def current(self) -> int:
        """The page that is shown."""
        return int(self.text("#page-title").split()[1])

    @property
    def selected(self) -> list[int]:
        """The pages that are selected."""
        return [int(n) for n in self.all("#pages [aria-selected=true]", "el => el.dataset.n")]

    def all(self, selector: str, script: str) -> list[Any]:
        """The script's result for each element."""
        found: list[Any] = self.page.locator(selector).evaluate_all(f"all => all.map({script})")
        return found

    def save(self) -> dict[int, Json]:
        """Saves with N (and Enter where pages are open), and gives what arrived by page."""
        before = len(self.site.saves)
        self.press("n")
        if self.page.locator("#left-open[open]").count():
            self.press("Enter")
        self.page.wait_for_url("**/inbox")
        assert len(self.site.saves) == before + 1
        return {answer["page"]: answer for answer in self.site.saves[-1]["pages"]}

    def module(self, name: str, script: str) -> Any:
        """The result of a script that gets one of the screen's modules as `m`."""
        return self.page.evaluate(f"import('/static/case/{name}.js').then(m => ({script}))")
