"""Every page, on a phone and at a desk: nothing in the console, nothing sticks out, everything can be hit, axe is content."""

from support import ADMIN, DESK, PARTNER, PHONE, REP, run

PAGES = [
    ("doors", None, "/"), ("login-admin", None, "/admin/login"), ("login-sales", None, "/sales/login"),
    ("login-partner", None, "/partner/login"), ("forgotten", None, "/partner/forgotten"),
    ("home-admin", ADMIN, "/admin/command-center"), ("home-sales", REP, "/sales"),
    ("invoices", ADMIN, "/admin/command-center/invoices"),
    ("invoices-none", ADMIN, "/admin/command-center/invoices?state=cancelled"),
    ("lifecycles", ADMIN, "/admin/command-center/lifecycles"),
    ("lifecycle-order", ADMIN, "/admin/command-center/lifecycles/order"),
    ("lifecycle-lead", ADMIN, "/admin/command-center/lifecycles/lead"),
    ("lifecycle-invoice", ADMIN, "/admin/command-center/lifecycles/invoice?state=overdue"),
    ("timers", ADMIN, "/admin/command-center/ops/timers"),
    ("refusals", ADMIN, "/admin/command-center/ops/refusals"), ("alerts", ADMIN, "/admin/command-center/alerts"),
    ("audit", ADMIN, "/admin/command-center/audit"),
    ("invoice", ADMIN, "first /admin/command-center/invoices"), ("design", ADMIN, "/admin/design"),
    ("approvals", ADMIN, "/admin/command-center/approvals"),
    ("new-order", ADMIN, "/admin/command-center/orders/new"), ("new-lead", REP, "/sales/leads/new"),
    ("home-partner", PARTNER, "/partner"), ("partner-new-order", PARTNER, "/partner/orders/new"),
    ("ops", ADMIN, "/admin/command-center/ops"), ("ops-jobs", ADMIN, "/admin/command-center/ops/jobs"),
    ("ops-jobs-none", ADMIN, "/admin/command-center/ops/jobs?subject=INV-7"), ("ops-job", ADMIN, "first /admin/command-center/ops/jobs?place=ready"),
    ("ops-bulk", ADMIN, "/admin/command-center/ops/jobs/bulk?action=cancel&place=ready"),
    ("ops-dead", ADMIN, "/admin/command-center/ops/dead"), ("ops-schedules", ADMIN, "/admin/command-center/ops/schedules"),
    ("ops-workers", ADMIN, "/admin/command-center/ops/workers"), ("ops-mailbox", ADMIN, "/admin/command-center/ops/mailbox"),
    ("tickets", ADMIN, "/admin/command-center/tickets"), ("payout-run", ADMIN, "/admin/command-center/payout-run"),
    ("ops-queue", ADMIN, "/admin/command-center/ops/queues/default"),
] + [
    (f"{portal}-{kind}{suffix}", who, f"{prefix}{root}/{kind}")
    for portal, who, root, kinds in (
        ("admin", ADMIN, "/admin/command-center",
         ("orders", "shipments", "payments", "partners", "applications", "leads", "deals", "commissions",
          "proposals", "activities", "payouts", "integrations")),
        ("sales", REP, "/sales", ("leads", "deals")), ("partner", PARTNER, "/partner", ("orders", "invoices")))
    for kind in kinds for suffix, prefix in (("", ""), ("-one", "first "))
    # The page of an application is that of its partner.
    if kind + suffix != "applications-one"
]
# What can be pressed, with what its pseudo-elements add; links in running text are exempt, as WCAG has it.
TARGETS = """() => {
  const small = [];
  for (const e of document.querySelectorAll("button, summary, input:not([type=hidden]), select, a.button, a.chip, a.tab, a.nav-item, tbody a")) {
    const r = e.getBoundingClientRect();
    if (r.width === 0 || !e.checkVisibility()) continue;
    const own = getComputedStyle(e, "::after");
    const more = own.content !== "none" && own.position === "absolute" ? -2 * parseFloat(own.top) || 0 : 0;
    const label = e.closest("label")?.getBoundingClientRect().height ?? 0;
    const height = Math.max(r.height + more, label);
    if (height < 43.5) small.push(`${e.outerHTML.slice(0, 60)} ${height}`);
  }
  return small;
}"""


def address(page, path: str) -> str:
    """The address of a page, some of which are behind others."""
    if not path.startswith("first "):
        return path
    page.goto(path.removeprefix("first "))
    return page.locator("tbody th a").first.get_attribute("href")


def every_page(look) -> None:
    """Each page at both sizes."""
    # An answer of 401 or 422 is a page too, and the browser remarks on it.
    for size, suffix in ((DESK, "desk"), (PHONE, "phone")):
        for who in (None, ADMIN, REP, PARTNER):
            with look.context(size, who) as context:
                for name, whose, path in PAGES:
                    if whose != who:
                        continue
                    page = context.new_page()
                    what = f"{name} ({suffix})"
                    look.watch(page, what)
                    answer = page.goto(address(page, path))
                    look.same(answer.status, 200, f"{what}: the status")
                    page.wait_for_load_state("networkidle") if who is None else page.wait_for_timeout(150)
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    look.expect(wide <= 0, f"{what}: sticks out by {wide} px")
                    look.same(page.locator("h1").count(), 1, f"{what}: headings of the first order")
                    for small in page.evaluate(TARGETS):
                        look.expect(False, f"{what}: too small to hit: {small}")
                    look.axe(page, what)
                    look.shoot(page, f"{name}-{suffix}")
                    page.close()


def without_script(look) -> None:
    """Links and forms work without JavaScript."""
    with look.context(DESK, None, java_script_enabled=False) as context:
        page = context.new_page()
        look.sign_in(page, ADMIN)
        page.get_by_role("navigation").get_by_role("link", name="Invoices").click()
        page.get_by_role("link", name="Waiting for payment").first.click()
        look.expect("status=" in page.url, "a filter is a link")
        page.locator("tbody a").first.click()
        page.locator("details.move summary", has_text="Record payment").first.click()
        form = page.locator("#move-record_payment form")
        form.get_by_label("Amount").fill("nothing")
        form.get_by_label("Reference").fill("CHK-1")
        form.get_by_label("Method").select_option(index=1)
        form.get_by_role("button").first.click()
        fault = page.locator("#record_payment-amount-fault")
        look.expect(fault.is_visible() and "dollars" in fault.inner_text(), "a fault stands beside its field")
        look.same(page.locator("#record_payment-amount").input_value(), "nothing", "what was filled in")
        look.shoot(page, "invoice-refused-desk")


run(every_page, without_script)
