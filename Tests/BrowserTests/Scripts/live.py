"""Forms in place, keys alone, and two browsers that see each other's changes."""

import re
import time

from support import ADMIN, DESK, PASSWORD, run

# A reference is good for one payment.
REFERENCE = f"CHK-{time.time_ns()}"
INVOICES = "/admin/command-center/invoices"


def invoice(page) -> str:
    """The address of an invoice that waits for its payment."""
    page.goto(INVOICES)
    page.get_by_role("link", name="Waiting for payment").first.click()
    page.wait_for_url("**/invoices?status=*")
    page.wait_for_function("() => document.querySelector('.chip[aria-current]').textContent.includes('Waiting')")
    return page.locator("tbody a").first.get_attribute("href")


def keys(look) -> None:
    """Signing in, opening an invoice and recording a payment pass with keys alone."""
    with look.context(DESK) as context:
        page = context.new_page()
        look.watch(page, "keys")
        page.goto("/admin/login")
        page.keyboard.type("dana@drizzlwellness.com")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/command-center")
        page.keyboard.press("Tab")
        look.same(page.evaluate("document.activeElement.textContent"), "Skip to content", "the first thing that Tab reaches")
        page.goto(invoice(page))
        page.locator("#move-record_payment summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("1.25")
        form = page.locator("#move-record_payment form")
        for field in form.locator("input:visible, select").all()[1:]:
            page.keyboard.press("Tab")
            kind = field.get_attribute("type")
            if field.evaluate("(e) => e.tagName") == "SELECT":
                page.keyboard.press("ArrowDown")
            elif kind == "date":
                field.focus()
                page.keyboard.press("Tab")
                page.keyboard.press("Tab")
            elif field.get_attribute("name") == "input.reference":
                field.focus()
                page.keyboard.type(REFERENCE + "-1")
        form.get_by_role("button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**done=record_payment")
        look.expect(page.get_by_role("status").filter(has_text="Done: Record a payment.").is_visible(), "it says what was done")


def in_place(look) -> None:
    """A refused form comes back in place, with its faults beside the fields and the focus on what went wrong."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        page.goto(invoice(page))
        page.evaluate("window.isStillHere = true")
        page.locator("#move-record_payment summary").click()
        form = page.locator("#move-record_payment form")
        form.get_by_label("Amount").fill("12.345")
        form.get_by_label("Reference").fill("CHK-9")
        form.get_by_label("Method").select_option(index=1)
        form.get_by_role("button").first.click()
        page.locator("#record_payment-amount-fault").wait_for()
        look.expect(page.evaluate("window.isStillHere"), "the page was loaded anew")
        look.same(page.evaluate("document.activeElement.getAttribute('role')"), "alert", "where the focus is")
        look.same(page.locator("#record_payment-amount").input_value(), "12.345", "what was filled in")
        page.goto(INVOICES)
        page.evaluate("window.isStillHere = true")
        page.locator(".chip", has_text=re.compile("^Paid")).click()
        page.wait_for_url("**status=paid")
        page.go_back()
        page.locator(".chip[aria-current]", has_text="All").wait_for()
        look.expect(page.evaluate("window.isStillHere"), "a filter loads the page anew")


def two_browsers(look) -> None:
    """What one does the other sees within a second, in the list and on the page, and loses nothing that was typed."""
    with look.context(DESK, ADMIN) as one, look.context(DESK, ADMIN) as other:
        doer, watcher, lister = one.new_page(), other.new_page(), other.new_page()
        look.watch(watcher, "watcher")
        path = invoice(doer)
        lister.goto(INVOICES)
        watcher.goto(path)
        for page in (watcher, lister):
            page.locator(".live-sign[data-state=here]").wait_for()
        # Both have asked again once when the stream began; what comes now comes by the stream.
        watcher.wait_for_timeout(500)
        watcher.locator("#move-dispute summary").click()
        watcher.locator("#dispute-reason").fill("half a sentence")
        before = watcher.locator(".figure").first.inner_text()
        row = lister.locator(f"tr:has(a[href='{path}'])")
        due = row.locator("td.money").inner_text()
        doer.goto(path)
        doer.locator("#move-record_payment summary").click()
        form = doer.locator("#move-record_payment form")
        form.get_by_label("Amount").fill("2.50")
        form.get_by_label("Reference").fill(REFERENCE + "-2")
        form.get_by_label("Method").select_option(index=1)
        form.get_by_role("button").first.click()
        doer.wait_for_url("**done=record_payment")
        began = time.monotonic()
        watcher.wait_for_function("(text) => document.querySelector('.figure').innerText !== text", arg=before, polling=10)
        took = time.monotonic() - began
        lister.wait_for_function(
            "([path, text]) => document.querySelector(`tr:has(a[href='${path}']) td.money`).innerText !== text",
            arg=[path, due], polling=10)
        both = time.monotonic() - began
        print(f"note: another browser saw it after {took * 1000:.0f} ms, the list after {both * 1000:.0f} ms")
        # A second is what is promised; a busy machine has its own share of three.
        look.expect(both < 3, f"the other browser saw it after {both:.2f} s")
        look.same(watcher.locator("#dispute-reason").input_value(), "half a sentence", "what was being typed")
        look.expect(watcher.locator("#move-dispute").get_attribute("open") is not None, "what was open is shut")


run(keys, in_place, two_browsers)
