"""The design system as the browser computes it (X-01 to X-30), and what it does."""

from support import ADMIN, DESK, PHONE, REP, run

STYLE = "(element, names) => { const s = getComputedStyle(element); return names.map((n) => s.getPropertyValue(n)) }"


def styles(page, selector: str, *names: str) -> list[str]:
    """Computed values of the first element that a selector finds."""
    return page.locator(selector).first.evaluate(STYLE, list(names))


# id, selector, property, value
COMPUTED = [
    ("X-01", "body", "background-color", "rgb(0, 0, 0)"),
    ("X-02", "body", "color", "rgb(255, 255, 255)"),
    ("X-03", "[data-x='X-15']", "background-color", "rgb(0, 255, 133)"),
    ("X-04", "[data-x='X-24'] a", "color", "rgb(0, 217, 255)"),
    ("X-05", "thead th", "border-bottom-color", "rgba(255, 255, 255, 0.1)"),
    ("X-06", ".sidebar", "width", "240px"),
    ("X-06", ".sidebar", "position", "fixed"),
    ("X-06", ".sidebar", "background-color", "rgb(0, 0, 0)"),
    ("X-06", ".sidebar", "overflow-y", "auto"),
    ("X-07", ".sidebar .logo", "height", "80px"),
    ("X-07", ".nav-item", "height", "48px"),
    ("X-08", ".nav-item[aria-current]", "background-color", "rgba(0, 255, 133, 0.1)"),
    ("X-08", ".nav-item[aria-current]", "border-left", "3px solid rgb(0, 255, 133)"),
    ("X-09", "a.nav-item:not([aria-current])", "color", "rgba(255, 255, 255, 0.7)"),
    ("X-10", "[data-x='X-10'] .icon", "width", "20px"),
    ("X-10", "[data-x='X-10'] .icon", "stroke-width", "2px"),
    ("X-10", "[data-x='X-10'] .icon", "stroke", "rgb(255, 255, 255)"),
    ("X-12", ".header", "height", "80px"),
    ("X-12", ".header", "border-bottom", "1px solid rgba(255, 255, 255, 0.08)"),
    ("X-13", "[data-x='X-13']", "background-color", "rgba(255, 255, 255, 0.03)"),
    ("X-13", "[data-x='X-13']", "border-top", "1px solid rgba(255, 255, 255, 0.08)"),
    ("X-13", "[data-x='X-13']", "border-top-left-radius", "16px"),
    ("X-13", "[data-x='X-13']", "padding-top", "24px"),
    ("X-15", "[data-x='X-15']", "color", "rgb(0, 0, 0)"),
    ("X-15", "[data-x='X-15']", "font-weight", "600"),
    ("X-15", "[data-x='X-15']", "height", "44px"),
    ("X-15", "[data-x='X-15']", "border-top-left-radius", "10px"),
    ("X-16", "[data-x='X-16']", "background-color", "rgba(255, 255, 255, 0.05)"),
    ("X-16", "[data-x='X-16']", "border-top", "1px solid rgba(255, 255, 255, 0.1)"),
    ("X-16", "[data-x='X-16']", "color", "rgb(255, 255, 255)"),
    ("X-17", "[data-x='X-17']", "background-color", "rgba(239, 68, 68, 0.1)"),
    ("X-17", "[data-x='X-17']", "color", "rgb(239, 68, 68)"),
    ("X-17", "[data-x='X-17']", "border-top", "1px solid rgba(239, 68, 68, 0.3)"),
    ("X-18", "[data-x='X-18']", "background-color", "rgba(0, 0, 0, 0)"),
    ("X-19", ".badge.success", "background-color", "rgba(34, 197, 94, 0.1)"),
    ("X-19", ".badge.success", "color", "rgb(34, 197, 94)"),
    ("X-19", ".badge.success", "border-top", "1px solid rgba(34, 197, 94, 0.3)"),
    ("X-19", ".badge.success", "font-size", "12px"),
    ("X-19", ".badge.success", "border-top-left-radius", "999px"),
    ("X-20", ".badge.warning", "background-color", "rgba(234, 179, 8, 0.1)"),
    ("X-20", ".badge.warning", "color", "rgb(234, 179, 8)"),
    ("X-21", ".badge.error", "background-color", "rgba(239, 68, 68, 0.1)"),
    ("X-21", ".badge.error", "color", "rgb(239, 68, 68)"),
    ("X-22", ".badge.info", "background-color", "rgba(59, 130, 246, 0.1)"),
    ("X-22", ".badge.info", "color", "rgb(59, 130, 246)"),
    ("X-23", ".badge.neutral", "background-color", "rgba(107, 114, 128, 0.1)"),
    ("X-23", ".badge.neutral", "color", "rgb(156, 163, 175)"),
    ("X-25", "[data-x='X-25']", "font-weight", "700"),
    ("X-25", "[data-x='X-25']", "letter-spacing", "-0.4px"),
    ("X-25", "[data-x='X-24']", "font-weight", "400"),
    ("X-25", "[data-x='X-24']", "line-height", "26px"),
    ("X-26", ".tab-bar", "height", "72px"),
    ("X-30", ".fab", "width", "56px"),
    ("X-30", ".fab", "height", "56px"),
    ("money", "table .money", "font-variant-numeric", "tabular-nums"),
    ("disabled", ".button:disabled", "opacity", "0.4"),
]


def computed(look) -> None:
    """One instance of each part has the values of the document."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "design")
        page.goto("/admin/design")
        for name, selector, what, wanted in COMPUTED:
            look.same(styles(page, selector, what)[0], wanted, f"{name}: {what} of {selector}")
        look.expect("rgba(255, 255, 255, 0.02)" in styles(page, ".header", "background-image")[0], "X-12: the header's veil")
        page.hover("[data-x='X-13'] h2")
        page.wait_for_timeout(250)
        look.same(styles(page, "[data-x='X-13']", "box-shadow")[0], "rgba(0, 255, 133, 0.08) 0px 0px 24px 0px", "X-14: the glow")
        page.hover("a.nav-item:not([aria-current])")
        page.wait_for_timeout(250)
        look.same(styles(page, "a.nav-item:not([aria-current])", "background-color")[0], "rgba(255, 255, 255, 0.05)", "X-09: hover")
        page.hover("[data-x='X-18']")
        page.wait_for_timeout(250)
        look.same(styles(page, "[data-x='X-18']", "background-color")[0], "rgba(255, 255, 255, 0.05)", "X-18: hover")
        family = page.evaluate("[getComputedStyle(document.body).fontFamily, document.fonts.check('16px Inter'),"
                               " [...document.fonts].some((f) => f.family === 'Inter' && f.status === 'loaded')]")
        look.expect(family[0].startswith("Inter") and family[1] and family[2], f"X-24: Inter is not there: {family}")
        # Taken out of its place in the page, it floats where the document wants it.
        page.evaluate("document.querySelector('.fab').classList.remove('in-place')")
        page.set_viewport_size(PHONE)
        look.same(styles(page, ".fab", "position", "right", "bottom"), ["fixed", "16px", "88px"], "X-30: where it floats")


def collapsing(look) -> None:
    """X-11: the sidebar collapses to icons with tooltips, and stays so."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        page.goto("/admin/design")
        page.get_by_role("button", name="Collapse").click()
        look.same(styles(page, ".sidebar", "width")[0], "72px", "X-11: the collapsed sidebar")
        page.reload()
        look.same(styles(page, ".sidebar", "width")[0], "72px", "X-11: after loading anew")
        look.expect(page.locator(".nav-label").first.is_hidden(), "X-11: names are hidden when collapsed")
        look.same(page.locator("a.nav-item").first.get_attribute("title"), "Home", "X-11: the tooltip")
        look.shoot(page, "design-collapsed")
        page.locator("[data-collapse]").click()
        look.same(styles(page, ".sidebar", "width")[0], "240px", "X-11: expanded again")
        page.set_viewport_size({"width": 900, "height": 800})
        look.same(styles(page, ".sidebar", "width")[0], "72px", "the sidebar between 768 and 1023 px")


def parts(look) -> None:
    """Dialogs, toasts and the menu do what they should, by keys too; motion is none for those who want none."""
    with look.context(DESK, ADMIN, reduced_motion="reduce") as context:
        page = context.new_page()
        look.watch(page, "parts")
        page.goto("/admin/design")
        opener = page.get_by_role("button", name="Open a dialog")
        opener.focus()
        page.keyboard.press("Enter")
        look.expect(page.locator("#sample-dialog").is_visible(), "a dialog opens by Enter")
        look.axe(page, "an open dialog")
        page.keyboard.press("Escape")
        look.expect(page.locator("#sample-dialog").is_hidden(), "a dialog closes by Esc")
        look.expect(opener.evaluate("(e) => e === document.activeElement"), "focus returns to what opened a dialog")
        page.get_by_role("button", name="Show an error").click()
        look.expect(page.locator("#toasts .toast.error").is_visible(), "a toast shows")
        page.get_by_role("button", name="Dismiss").click()
        look.expect(page.locator("#toasts .toast").count() == 0, "a toast goes when it is dismissed")
        look.same(styles(page, "[data-x='X-15']", "transition-duration")[0] in ("0s", "none"), True, "reduced motion: no transitions")
        look.same(page.evaluate("document.getAnimations().length"), 0, "reduced motion: animations that run")
        ring = page.get_by_role("button", name="Open a drawer")
        ring.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        look.same(ring.evaluate(STYLE, ["outline-style", "outline-width", "outline-color", "outline-offset"]),
                  ["solid", "2px", "rgb(0, 217, 255)", "2px"], "the focus ring")
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        page.goto("/admin/design")
        look.expect(page.locator(".sidebar").is_hidden(), "the sidebar is away on a phone")
        page.get_by_role("button", name="Menu").click()
        look.expect(page.locator(".sidebar").is_visible(), "the menu button shows it")
        look.shoot(page, "menu-phone")
        page.keyboard.press("Escape")
        look.expect(page.locator(".sidebar").is_hidden(), "Esc closes it")
    with look.context(PHONE, REP) as context:
        page = context.new_page()
        page.goto("/sales")
        look.same(styles(page, ".tab-bar", "position", "bottom"), ["fixed", "0px"], "X-26: the tab bar of reps")


def touch(context, page, x: float, y: float, by: tuple[float, float]) -> None:
    """A finger goes down, moves and goes up."""
    devtools = context.new_cdp_session(page)
    steps = [("touchStart", 0), *(("touchMove", part / 5) for part in range(1, 6)), ("touchEnd", 1)]
    for kind, part in steps:
        points = [] if kind == "touchEnd" else [{"x": x + by[0] * part, "y": y + by[1] * part}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def gestures(look) -> None:
    """X-28, X-29: a swipe presses the row's button, and pulling the page down fetches it anew."""
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        page.goto("/admin/design")
        row = page.locator("#sample-swipe")
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        touch(context, page, box["x"] + 130, box["y"] + box["height"] / 2, (-110, 0))
        page.locator("#toasts .toast", has_text="Calling").wait_for()
        page.get_by_role("button", name="Dismiss").click()
        row.get_by_role("button", name="Call").click()
        page.locator("#toasts .toast", has_text="Calling").wait_for()
    with look.context(PHONE, REP) as context:
        page = context.new_page()
        page.goto("/sales")
        touch(context, page, 180, 200, (0, 150))
        page.locator("#toasts .toast", has_text="Up to date").wait_for()


run(computed, collapsing, parts, gestures)
