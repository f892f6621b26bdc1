"""What the checks share: a Chromium, people who sign in, and a list of what was found wrong.

Every check is a program: `CHECK.py BASE SCREENSHOTS`. What it finds wrong it prints, a line each, and it exits with 1 then.
"""

import os
import pathlib
import re
import sys
import traceback

from playwright.sync_api import BrowserContext, Page, sync_playwright

ADMIN = ("admin", "dana@drizzlwellness.com")
REP = ("sales", "sjohnson@drizzlwellness.com")
PARTNER = ("partner", "maya@bluebirdcafe.example")
PASSWORD = "a frozen demo password"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 640}
AXE = pathlib.Path(__import__("axe_playwright_python").__file__).parent / "axe.min.js"


class Look:
    """One run of a check."""

    def __init__(self, browser, base: str, folder: pathlib.Path):
        self.browser, self.base, self.folder = browser, base, folder
        self.faults: list[str] = []
        self.forgiven: list[str] = []
        self.saved: dict[tuple[str, str], dict] = {}

    def expect(self, holds: object, sentence: str) -> None:
        """Notes what does not hold."""
        if not holds:
            self.faults.append(sentence)

    def same(self, found: object, wanted: object, what: str) -> None:
        """Notes what is other than it should be."""
        self.expect(found == wanted, f"{what} is {found!r}, and should be {wanted!r}")

    def context(self, size: dict = DESK, who: tuple[str, str] | None = None, **options) -> BrowserContext:
        """A browser of its own, signed in as somebody."""
        context = self.browser.new_context(
            viewport=size, base_url=self.base, storage_state=self.saved.get(who) if who else None,
            is_mobile=size is PHONE, has_touch=size is PHONE, **options)
        context.set_default_timeout(15_000)
        if who and who not in self.saved:
            page = context.new_page()
            self.sign_in(page, who)
            page.close()
            self.saved[who] = context.storage_state()
        return context

    def sign_in(self, page: Page, who: tuple[str, str]) -> None:
        """Signs in as a person does."""
        portal, email = who
        page.goto(f"/{portal}/login")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(rf"/{portal}(/command-center)?$"))

    def watch(self, page: Page, what: str) -> None:
        """Notes everything that the page complains of in its console."""
        page.on("console", lambda message: self.expect(
            message.type not in ("error", "warning") or any(word in message.text for word in self.forgiven),
            f"{what}: the console says {message.text} ({message.location.get('url', '')})"))
        page.on("pageerror", lambda error: self.expect(False, f"{what}: a script failed: {error}"))

    def axe(self, page: Page, what: str) -> None:
        """Notes what axe-core finds serious."""
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n; null")
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], runOnly: "
            "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
        for fault in found["violations"]:
            places = "; ".join(" ".join(node["target"]) for node in fault["nodes"][:3])
            line = f"{what}: axe {fault['id']} ({fault['impact']}): {fault['help']}: {places}"
            self.expect(fault["impact"] not in ("serious", "critical"), line)
            if fault["impact"] not in ("serious", "critical"):
                print("note:", line)

    def shoot(self, page: Page, name: str) -> None:
        """Takes a picture of the whole page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}.png", full_page=True, animations="disabled")


def run(*checks) -> None:
    """Runs checks in one browser, and says what they found wrong."""
    base, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("DRIZZL_TEST_CHROMIUM", "/usr/bin/chromium"),
            # Without a sandbox of its own, as root and in a container; what it opens is our own pages alone.
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"])
        look = Look(browser, base, folder)
        for check in checks:
            try:
                check(look)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what was found
                last = traceback.extract_tb(error.__traceback__)
                place = next((f"{pathlib.Path(f.filename).name}:{f.lineno}" for f in reversed(last)
                              if "site-packages" not in f.filename), "")
                look.expect(False, f"{check.__name__} ({place}): {str(error).splitlines()[0]}")
        browser.close()
    for fault in look.faults:
        print("fault:", fault.replace("\n", " "))
    sys.exit(1 if look.faults else 0)
