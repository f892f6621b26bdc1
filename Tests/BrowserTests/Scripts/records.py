"""Records of every kind: an order's way to its customer, an application, commissions by the dozen; by mouse, keys and phone."""

import re

from support import ADMIN, DESK, PHONE, REP, run

ADMINS = "/admin/command-center"


def chip(page, kind: str, name: str) -> None:
    """Opens a list at one of its chips."""
    page.goto(f"{ADMINS}/{kind}")
    page.locator(".chip", has_text=re.compile(rf"^{name}")).first.click()
    page.wait_for_function("(name) => document.querySelector('.chip[aria-current]')?.textContent.startsWith(name)", arg=name)


def press(page, move: str, **inputs) -> None:
    """Makes a move on a record's page."""
    form = page.locator(f"form.move#move-{move}, #move-{move} form")
    if page.locator(f"details#move-{move}").count():
        page.locator(f"#move-{move} > summary").click()
    for name, value in inputs.items():
        field = form.locator(f"[name='input.{name}']")
        field.select_option(value) if field.evaluate("(e) => e.tagName") == "SELECT" else field.fill(value)
    form.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**done={move}")


def state(page) -> str:
    """The state of the record that is shown."""
    return page.locator(".title .badge").first.inner_text()


def order(look) -> None:
    """An order goes from confirmed to delivered by clicks alone."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "order")
        chip(page, "orders", "Confirmed")
        page.locator("tbody th a").first.click()
        page.wait_for_load_state()
        record = page.url.split("?")[0]
        look.same(state(page), "Confirmed", "the state of a confirmed order")
        for move, expected in (("start_production", "In production"), ("finish_production", "Quality check"),
                               ("pass_quality", "Quality check")):
            press(page, move)
            look.same(state(page), expected, f"the state after {move}")
        look.expect(page.locator(".held-up", has_text="Mark shipped").is_visible(), "what cannot be done says why")
        page.get_by_role("table", name="Shipments").locator("tbody a").first.click()
        page.wait_for_url("**/shipments/*")
        parcel = page.url
        page.locator("#edit > summary").click()
        form = page.locator("#edit form")
        form.get_by_label("Carrier").select_option("fedex")
        form.get_by_label("Tracking number").fill("7489 0000 1111")
        form.get_by_role("button", name="Save").click()
        page.wait_for_url("**done=changes")
        press(page, "pick_up")
        page.goto(record)
        look.same(state(page), "Shipped", "the state of the order when its parcel was collected")
        look.expect(page.get_by_role("table", name="Invoices").locator("tbody a").first.is_visible(), "its invoice is there")
        page.goto(parcel)
        press(page, "deliver", delivered_to="Front desk")
        page.goto(record)
        look.same(state(page), "Delivered", "the state of the order when its parcel was delivered")
        look.shoot(page, "order-delivered-desk")


def application(look) -> None:
    """An application is approved from the list with its terms, and is gone from it."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "application")
        page.goto(f"{ADMINS}/applications")
        name = page.locator("tbody th a").first.inner_text()
        row = page.locator("tbody tr").first
        row.locator("summary", has_text="Approve").click()
        form = row.locator("details[open] form")
        form.get_by_label("Tier").select_option("growth")
        form.get_by_label("Payment terms").select_option("NET30")
        form.get_by_label("Credit limit").fill("5,000.00")
        look.shoot(page, "application-approve-desk")
        form.get_by_role("button", name="Approve").click()
        page.wait_for_url("**/applications?done=approve")
        look.expect(page.get_by_role("status").filter(has_text="Done: Approve partner.").is_visible(), "it says what was done")
        look.same(page.locator("tbody th a", has_text=name).count(), 0, "an approved application in the list")


def commissions(look) -> None:
    """Two commissions are approved at once with keys alone."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "commissions")
        chip(page, "commissions", "To approve")
        rows = page.locator("tbody tr")
        look.expect(rows.count() >= 2, "two commissions wait")
        page.locator(".chip[aria-current]").focus()
        for _ in range(2):
            page.keyboard.press("j")
            page.keyboard.press("x")
        look.same(page.locator(".pick-box:checked").count(), 2, "what is picked by keys")
        bar = page.locator(".bulk")
        look.expect(bar.is_visible(), "the bar of what is picked is there")
        look.shoot(page, "commissions-picked-desk")
        bar.get_by_role("button", name="Approve", exact=True).focus()
        page.keyboard.press("Enter")
        page.locator(".note", has_text="Approve: done for 2.").wait_for()


def blocked(look) -> None:
    """What cannot be done says why, and leads to what would make it possible."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        chip(page, "orders", "On hold")
        page.locator("tbody th a").first.click()
        page.locator(".held-up a").first.click()
        look.expect(page.url.endswith("#move-release_hold"), "the reason leads to the move that lifts it")


def phone(look) -> None:
    """A rep's lead is moved on with a thumb, and nothing sticks out."""
    with look.context(PHONE, REP) as context:
        page = context.new_page()
        look.watch(page, "phone")
        page.goto("/sales")
        page.locator(".stat-label a").first.tap()
        page.wait_for_url("**/sales/leads?status=new")
        page.locator("tbody th a").first.tap()
        page.wait_for_url("**/sales/leads/*")
        move = page.locator("details.move:has(> summary:text('contact'))").first
        move.locator("summary").tap()
        look.expect(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "an open form sticks out")
        form = move.locator("form")
        for select in form.locator("select[required]").all():
            select.select_option(index=1)
        form.locator("button[type=submit]").first.tap()
        page.wait_for_url("**done=*")
        look.expect(page.get_by_role("status").filter(has_text="Done:").is_visible(), "it says what was done")
        look.shoot(page, "lead-moved-phone")


run(order, application, commissions, blocked, phone)
