"""The ops console by mouse, by keys and on a phone: searching, causes, deeds with a reason, live figures."""

import re
import time

from support import ADMIN, DESK, PHONE, run

OPS = "/admin/command-center/ops"
# Written by this run alone.
WHY = f"printer change {time.time_ns()}"


def job(page, state: str = "ready") -> str:
    """The address of a job in a state, about a record with a number, by which it can be searched for."""
    page.goto(f"{OPS}/jobs?place={state}")
    about = page.locator("td[data-label=About] a", has_text=re.compile(r"^\s*(INV|ORD)-[0-9]+\s*$"))
    return page.locator("tbody tr").filter(has=about).locator("th a").first.get_attribute("href")


def by_mouse(look) -> None:
    """A queue is paused with a reason, says so, and is resumed; a job is found by its record and cancelled."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "ops")
        page.goto("/admin/command-center")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Ops").click()
        row = page.locator("tr", has=page.get_by_role("link", name="default", exact=True))
        row.locator("summary", has_text="Pause").click()
        row.get_by_label("Why?").fill(WHY)
        # What the page is fetched anew for meanwhile leaves open what is open, and what is typed.
        page.wait_for_timeout(2_500)
        look.same(row.get_by_label("Why?").input_value(), WHY, "what was being typed")
        row.get_by_role("button", name="Pause").click()
        page.get_by_role("status").filter(has_text="Paused default").wait_for()
        look.expect(WHY in row.inner_text() and "dana@drizzlwellness.com" in row.inner_text(), "who paused it, and why")
        look.shoot(page, "ops-paused-desk")
        row.locator("summary", has_text="Resume").click()
        row.get_by_label("Why?").fill("done")
        row.get_by_role("button", name="Resume").click()
        page.get_by_role("status").filter(has_text="Resumed default").wait_for()
        page.get_by_role("navigation", name="Ops").get_by_role("link", name="Jobs").click()
        page.get_by_role("heading", name="Jobs", exact=True).wait_for()
        about = page.locator("tbody td[data-label=About] a").first
        name = about.inner_text()
        page.get_by_label("About").fill(name)
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**subject=**")
        look.expect("kind=" not in page.url, "what was left empty stands in the address")
        page.wait_for_function("(name) => [...document.querySelectorAll('td[data-label=About] a')]"
                               ".every((a) => a.textContent === name)", arg=name)
        page.goto(job(page))
        chain = page.get_by_role("list").filter(has=page.get_by_text("this job"))
        look.expect(chain.get_by_role("link", name="its path").count() > 0, "it leads to the transition that caused it")
        page.locator("summary", has_text="Cancel").click()
        page.get_by_label("Why?").last.fill(WHY)
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("status").filter(has_text="Cancelled the job.").wait_for()
        look.expect(WHY in page.locator("#timeline + .timeline").inner_text(), "the timeline says who and why")
        look.shoot(page, "ops-job-cancelled-desk")


def by_keys(look) -> None:
    """Searching, moving, opening, and a deed with its reason pass with keys alone."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "ops keys")
        page.goto(f"{OPS}/jobs?place=ready")
        page.keyboard.press("?")
        look.expect(page.get_by_role("dialog", name="Keys").is_visible(), "? tells of the keys")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        look.same(page.evaluate("document.activeElement.id"), "search-subject", "what / leads to")
        page.keyboard.type("j")
        look.same(page.locator("#search-subject").input_value(), "j", "what is typed in a field")
        page.locator("#search-subject").fill("")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        page.keyboard.press("j")
        second = page.locator("tbody tr").nth(1).locator("th a")
        look.expect(second.evaluate("(link) => link === document.activeElement"), "j moves to the next row")
        page.keyboard.press("k")
        page.keyboard.press("j")
        href = second.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{href}")
        page.keyboard.press("c")
        look.expect(page.locator("#deed-cancel").get_attribute("open") is not None, "c asks before it cancels")
        page.keyboard.press("Escape")
        look.expect(page.locator("#deed-cancel").get_attribute("open") is None, "Escape closes the question")
        page.keyboard.press("c")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Cancelled the job.").wait_for()
        page.goto(OPS)
        page.keyboard.press("j")
        page.keyboard.press("p")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Paused").wait_for()
        page.keyboard.press("j")
        page.keyboard.press("p")
        page.keyboard.type("done")
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Resumed").wait_for()


def retry_by_keys(look) -> None:
    """A job is searched for, found, opened and retried without the mouse; a kind of a queue is paused and resumed."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "ops retry by keys")
        page.goto(job(page))
        number = page.url.rsplit("/", 1)[1]
        about = page.locator(".badges a").first.inner_text()
        page.keyboard.press("c")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Cancelled the job.").wait_for()
        page.goto(f"{OPS}/jobs?place=cancelled")
        page.keyboard.press("/")
        page.keyboard.type(about)
        page.keyboard.press("Enter")
        page.wait_for_url("**subject=**")
        row = page.locator(f"tr[data-key=job-{number}] th a")
        row.wait_for()
        page.keyboard.press("Escape")
        for _ in range(page.locator("tbody tr").count()):
            page.keyboard.press("j")
            if row.evaluate("(link) => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/jobs/{number}")
        page.keyboard.press("r")
        look.expect(page.locator("#deed-retry").get_attribute("open") is not None, "r asks before it retries")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Retried the job.").wait_for()
        look.expect(page.locator(".badge", has_text="Ready").count() > 0, "a cancelled job that is retried is ready")
        look.shoot(page, "ops-job-retried-desk")
        page.goto(f"{OPS}/queues/default?last=day")
        for words in ("Paused", "Resumed"):
            page.keyboard.press("j")
            page.keyboard.press("p")
            page.keyboard.type(WHY)
            page.keyboard.press("Enter")
            page.get_by_role("status").filter(has_text=words).wait_for()
            look.shoot(page, f"ops-kind-{words.lower()}-desk")


def alerts(look) -> None:
    """An alert is acknowledged by keys and by thumb; the menu of another page counts it no more."""
    address = "/admin/command-center/alerts"
    with look.context(DESK, ADMIN) as one, look.context(PHONE, ADMIN) as other:
        watcher, page = one.new_page(), one.new_page()
        look.watch(page, "alerts")
        watcher.goto(OPS)
        count = watcher.locator("[data-count=alerts]")
        count.wait_for()
        before = int(count.inner_text().split()[0])
        page.goto(address)
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Acknowledged").wait_for()
        look.expect(WHY in page.locator("#alerts").inner_text(), "the alert says what was said of it")
        look.shoot(page, "alerts-acknowledged-desk")
        watcher.bring_to_front()
        watcher.wait_for_function(
            "(before) => { const count = document.querySelector('[data-count=alerts]');"
            " return count.hidden || parseInt(count.textContent) === before - 1; }", arg=before)
        phone = other.new_page()
        look.watch(phone, "alerts on a phone")
        phone.goto(address)
        left = phone.locator("summary", has_text="Acknowledge")
        look.same(left.count(), before - 1, "alerts that nobody knows of")
        if left.count():
            left.first.tap()
            phone.locator("details[open] input[name=note]").fill(WHY)
            look.shoot(phone, "alerts-question-phone")
            phone.locator("details[open] button").tap()
            phone.get_by_role("status").filter(has_text="Acknowledged").wait_for()


def live(look) -> None:
    """What one browser does, another sees on its open page without loading it anew; what was chosen stays chosen."""
    with look.context(DESK, ADMIN) as one, look.context(DESK, ADMIN) as other:
        watcher, doer = one.new_page(), other.new_page()
        watcher.goto(OPS)
        watcher.evaluate("window.isStillHere = true")
        ready = watcher.locator(".gauges .figure").first
        before = ready.inner_text()
        doer.goto(f"{OPS}/jobs?place=ready")
        for box in doer.locator("tbody .pick-job").all()[:2]:
            box.click()
        doer.wait_for_timeout(2_500)
        look.same(doer.locator("tbody input:checked").count(), 2, "jobs that are chosen after the list was fetched anew")
        doer.get_by_label("Why?").fill(WHY)
        look.shoot(doer, "ops-chosen-desk")
        doer.get_by_role("button", name="Cancel chosen").click()
        doer.get_by_role("status").filter(has_text="Cancelled 2 of 2 jobs.").wait_for()
        began = time.monotonic()
        watcher.wait_for_function("(text) => document.querySelector('.gauges .figure').innerText !== text", arg=before)
        print(f"note: the figures fell after {time.monotonic() - began:.2f} s")
        look.same(int(before.replace(",", "")) - int(ready.inner_text().replace(",", "")), 2, "by how much they fell")
        look.expect(watcher.evaluate("window.isStillHere"), "the page was loaded anew")


def on_a_phone(look) -> None:
    """A job is found, understood and called off with a thumb."""
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "ops on a phone")
        page.goto(job(page))
        page.locator("summary", has_text="Cancel").tap()
        look.shoot(page, "ops-job-question-phone")
        page.get_by_label("Why?").last.fill(WHY)
        page.get_by_role("button", name="Cancel").tap()
        page.get_by_role("status").filter(has_text="Cancelled the job.").wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        look.expect(wide <= 0, f"the job sticks out by {wide} px")


run(by_mouse, by_keys, retry_by_keys, alerts, live, on_a_phone)
