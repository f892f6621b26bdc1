"""A page stays usable while its server is away, and goes on when it is back. The test stops and starts the server."""

import pathlib
import sys
import time

from support import ADMIN, DESK, run

HANDS = pathlib.Path(sys.argv[3])


def ask(what: str, answer: str) -> None:
    """Has the test do something, and waits until it has."""
    (HANDS / what).touch()
    end = time.monotonic() + 30
    while not (HANDS / answer).exists():
        if time.monotonic() > end:
            raise TimeoutError(f"nobody did: {what}")
        time.sleep(0.02)


def restart(look) -> None:
    """What is filled in stays, the page says what is going on, and the same press works afterwards."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        page.goto("/admin/command-center/invoices")
        page.get_by_role("link", name="Waiting for payment").first.click()
        page.wait_for_function("() => document.querySelector('.chip[aria-current]').textContent.includes('Waiting')")
        page.goto(page.locator("tbody a").first.get_attribute("href"))
        page.locator(".live-sign[data-state=here]").wait_for()
        page.locator("#move-record_payment summary").click()
        form = page.locator("#move-record_payment form")
        form.get_by_label("Amount").fill("3.75")
        form.get_by_label("Reference").fill(f"CHK-{time.time_ns()}")
        form.get_by_label("Method").select_option(index=1)
        ask("stop", "stopped")
        page.locator(".live-sign[data-state=away]").wait_for()
        form.get_by_role("button").first.click()
        toast = page.locator("#toasts .toast.error")
        toast.wait_for()
        look.expect("still here" in toast.inner_text(), f"the page says: {toast.inner_text()}")
        look.same(form.get_by_label("Amount").input_value(), "3.75", "what was filled in, without a server")
        look.shoot(page, "invoice-server-away-desk")
        ask("start", "started")
        page.locator(".live-sign[data-state=here]").wait_for()
        look.same(form.get_by_label("Amount").input_value(), "3.75", "what was filled in, with the server back")
        form.get_by_role("button").first.click()
        page.wait_for_url("**done=record_payment")


run(restart)
