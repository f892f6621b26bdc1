"""Lifecycles and oversight: pictures that live, paths, what a move would do, timers, refusals, alerts, the audit log."""

import re

from support import ADMIN, DESK, PHONE, run

ROOT = "/admin/command-center"
INVOICES = f"{ROOT}/lifecycles/invoice"


def count(page, state: str) -> int:
    """What stands in a state's box."""
    return int(page.locator(f"[data-state={state}] .count-of").text_content())


def open_form(page, size) -> None:
    """The form to record a payment on an invoice, filled in."""
    page.goto(f"{INVOICES}?state=pending")
    record = page.locator("#records tbody a").first.get_attribute("href").split("/")[-1]
    page.goto(f"{ROOT}/invoices/{record}")
    page.locator("#move-record_payment > summary").click()
    amount = re.search(r"\$([0-9,]+\.\d\d)", page.locator(".figure").first.text_content()).group(1)
    form = page.locator("#move-record_payment form")
    form.get_by_label("Amount").fill(amount)
    form.get_by_label("Method").select_option("check")
    form.get_by_label("Reference").fill(f"CHK-{size['width']}")


def picture(look) -> None:
    """A state leads to its records, by mouse and by keyboard; a record leads to its path."""
    for size, suffix in ((DESK, "desk"), (PHONE, "phone")):
        with look.context(size, ADMIN) as context:
            page = context.new_page()
            look.watch(page, f"lifecycle ({suffix})")
            page.goto(f"{ROOT}/lifecycles")
            page.get_by_role("link", name="Order", exact=True).click()
            page.wait_for_url(f"**{ROOT}/lifecycles/order")
            look.expect(page.locator("svg.machine [data-state]").count() >= 7, f"{suffix}: every state is drawn")
            first = page.locator("svg.machine").bounding_box()["y"] < page.locator("#states-of").bounding_box()["y"]
            look.same(first, size is DESK, f"{suffix}: the picture stands first")
            box = page.locator(".drawing")
            box.focus()
            look.expect(box.evaluate("e => e === document.activeElement"), f"{suffix}: the picture takes the focus")
            if size is DESK:
                page.locator("svg.machine [data-state=delivered] .frame").click()
            else:
                page.locator("tbody").get_by_role("link", name="Delivered").focus()
                page.keyboard.press("Enter")
            page.wait_for_url("**state=delivered")
            look.expect(page.locator("[data-state=delivered].here").count() == 1, f"{suffix}: the state is marked")
            look.axe(page, f"records in a state ({suffix})")
            look.shoot(page, f"lifecycle-state-{suffix}")
            page.locator("#records tbody a").first.click()
            page.wait_for_url(re.compile(r"/lifecycles/order/[0-9a-f-]{36}$"))
            look.expect(page.locator(".arrow.walked").count() >= 2, f"{suffix}: the path is drawn")
            look.same(page.locator(".state.here").get_attribute("data-state"), "delivered", f"{suffix}: where it is")
            look.expect(page.locator(".path-step").count() >= 3, f"{suffix}: every step is told")
            look.axe(page, f"path ({suffix})")
            look.shoot(page, f"path-{suffix}")


def two_browsers(look) -> None:
    """A count moves when a record moves in another browser; and what would happen is asked first, and is nothing."""
    with look.context(DESK, ADMIN) as first, look.context(DESK, ADMIN) as second:
        watching, doing = first.new_page(), second.new_page()
        look.watch(watching, "live lifecycle")
        look.watch(doing, "what-if")
        watching.goto(INVOICES)
        watching.locator(".live-sign[data-state=here]").wait_for()
        pending, paid = count(watching, "pending"), count(watching, "paid")
        open_form(doing, DESK)
        doing.get_by_role("button", name="What would happen?").locator("visible=true").first.click()
        doing.get_by_role("heading", name="What if: Record payment").wait_for()
        for words in ("Nothing has been changed", "Waiting for payment → Paid", "is called off"):
            look.expect(doing.get_by_text(words).first.is_visible(), f"what-if says: {words}")
        look.axe(doing, "what-if")
        look.shoot(doing, "what-if-desk")
        look.same(count(watching, "pending"), pending, "nothing has moved yet")
        doing.get_by_role("button", name="Do it: Record payment").focus()
        doing.keyboard.press("Enter")
        doing.get_by_text("Done: Record a payment.").wait_for()
        watching.locator(f"[data-state=pending] .count-of >> text='{pending - 1}'").wait_for(timeout=5_000)
        look.same(count(watching, "paid"), paid + 1, "the other count moves too")


def back(look) -> None:
    """Whoever thinks better of it is back at the record, on a phone."""
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "what-if (phone)")
        open_form(page, PHONE)
        address = page.url
        page.get_by_role("button", name="What would happen?").locator("visible=true").first.click()
        page.get_by_role("heading", name="What if: Record payment").wait_for()
        look.shoot(page, "what-if-phone")
        page.get_by_role("link", name="Back").click()
        page.get_by_role("heading", name=re.compile("^Invoice ")).wait_for()
        look.same(page.url, address, "where one is back")


def audit(look) -> None:
    """The audit log is filtered, its chain looked at, and taken away as a file, by keyboard."""
    for size, suffix in ((DESK, "desk"), (PHONE, "phone")):
        with look.context(size, ADMIN) as context:
            page = context.new_page()
            look.watch(page, f"audit ({suffix})")
            page.goto(f"{ROOT}/audit")
            rows = page.locator("tbody tr[data-key]")
            all_rows = rows.count()
            page.get_by_label("What", exact=True).focus()
            page.keyboard.type("sign")
            page.keyboard.press("Enter")
            page.wait_for_url("**action=sign**")
            codes = page.locator("tbody th code").all_text_contents()
            look.expect(codes and all("sign" in code for code in codes), f"{suffix}: the filter holds: {codes[:3]}")
            look.expect(0 < rows.count() <= all_rows, f"{suffix}: there are entries")
            shown = [row.get_attribute("data-key") for row in rows.all()]
            with page.expect_download() as download:
                page.get_by_role("link", name="Export CSV").click()
            lines = download.value.path().read_text(encoding="utf-8").splitlines()[1:]
            look.same([line.split(",")[0] for line in lines][:len(shown)], shown, f"{suffix}: the file's lines")
            page.get_by_role("link", name="Verify chain").focus()
            page.keyboard.press("Enter")
            page.get_by_text("The chain is whole").wait_for()
            look.shoot(page, f"audit-verified-{suffix}")


def refusals(look) -> None:
    """A refused move shows on the open page within two seconds or so."""
    with look.context(DESK, ADMIN) as first, look.context(DESK, ADMIN) as second:
        watching, doing = first.new_page(), second.new_page()
        # A refused form is an answer of 409, and the browser remarks on it.
        watching.goto(f"{ROOT}/ops/refusals?machine=invoice")
        before = watching.locator("tbody tr").count()
        open_form(doing, {"width": 1})
        # At once: between two steps the page may renew itself, with the right number.
        doing.locator("#move-record_payment").evaluate(
            "e => { e.querySelector('input[name=seq]').value = 0; e.querySelector('button.primary').click(); }")
        doing.get_by_text("was not done").first.wait_for()
        watching.locator("tbody tr").nth(before).wait_for(timeout=5_000)
        look.expect("It was changed meanwhile" in watching.locator("tbody tr").first.text_content(), "why it was refused")


if __name__ == "__main__":
    run(picture, two_browsers, back, audit, refusals)
