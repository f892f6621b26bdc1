"""What is done at a desk besides moves: events, readings and files of a shipment, columns and views of a list; with keys too."""

import pathlib
import struct
import tempfile
import zlib

from support import ADMIN, DESK, PHONE, run

ADMINS = "/admin/command-center"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# A picture of 20 by 20 grey points that says nothing of itself besides, so that it is kept as it is.
PNG = (bytes([0x89]) + b"PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 20, 8, 0, 0, 0, 0))
       + chunk(b"IDAT", zlib.compress(bytes(b for y in range(20) for b in [0] + [(x * y) % 251 for x in range(20)])))
       + chunk(b"IEND", b""))


def shipment(page) -> None:
    """Opens a shipment that is on its way."""
    page.goto(f"{ADMINS}/shipments?status=in_transit")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/shipments/*")


def parcel(look) -> None:
    """A shipment gets an event, readings with a fault first, and a picture; each shows at once."""
    with look.context(DESK, ADMIN) as context, tempfile.TemporaryDirectory() as folder:
        page = context.new_page()
        # A refused form is a page too, and the browser remarks on its status.
        look.forgiven = ["422"]
        look.watch(page, "parcel")
        shipment(page)
        page.locator("#add-tracking-events > summary").click()
        form = page.locator("#add-tracking-events form")
        form.get_by_label("State").select_option("in_transit")
        form.get_by_label("Place").fill("Elko, NV")
        form.get_by_role("button", name="Add event").click()
        page.get_by_role("status").filter(has_text="The event is there.").wait_for()
        look.expect(page.get_by_role("table", name="Seen on the way").get_by_text("Elko, NV").is_visible(), "the event shows")
        page.locator("#add-readings > summary").click()
        form = page.locator("#add-readings form")
        form.get_by_label("Sensor").fill("S-1")
        form.get_by_label("Readings, a line").fill("2026-01-05 10:00, -9.5\nnever, warm")
        form.get_by_role("button", name="Add readings").click()
        page.get_by_role("alert").filter(has_text="Line 2").wait_for()
        look.axe(page, "readings refused")
        look.shoot(page, "readings-refused-desk")
        form = page.locator("#add-readings form")
        look.expect("never, warm" in form.get_by_label("Readings, a line").input_value(), "what was typed is still there")
        form.get_by_label("Readings, a line").fill("2026-01-05 10:00, -9.5\n2026-01-05 10:15, -9.25")
        form.get_by_role("button", name="Add readings").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="2 readings are kept").wait_for()
        picture = pathlib.Path(folder) / "door.png"
        picture.write_bytes(PNG)
        page.locator("#add-files > summary").click()
        page.locator("#add-files input[type=file]").set_input_files(picture)
        page.locator("#add-files button[type=submit]").click()
        page.get_by_role("status").filter(has_text="The file is there.").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="door.png").click()
        look.same(pathlib.Path(download.value.path()).read_bytes(), PNG, "the file that was sent")
        look.shoot(page, "parcel-added-desk")
        look.forgiven = []


def lists(look) -> None:
    """Columns are chosen and the list is kept under a name, by keys; the file has the same columns."""
    with look.context(DESK, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "lists")
        page.goto(f"{ADMINS}/orders?is_held=true")
        page.locator("#columns > summary").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Terms").focus()
        page.keyboard.press("Space")
        look.shoot(page, "list-columns-desk")
        page.keyboard.press("Enter")
        page.wait_for_url("**columns=*")
        look.expect(page.get_by_role("columnheader", name="Terms").is_visible(), "the chosen column is there")
        page.locator("#save-view > summary").click()
        page.get_by_label("Name").fill("Held with terms")
        page.keyboard.press("Enter")
        page.get_by_role("navigation", name="Saved views").wait_for()
        page.goto(f"{ADMINS}/orders")
        page.get_by_role("link", name="Held with terms").click()
        page.wait_for_url("**is_held=true**")
        look.expect(page.get_by_role("columnheader", name="Terms").is_visible(), "the view has its columns")
        look.axe(page, "a saved view")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        head = pathlib.Path(download.value.path()).read_text(encoding="utf-8").splitlines()[0]
        look.expect("Terms" in head, f"the file has the columns of the list: {head}")
        page.get_by_role("button", name="Remove the view Held with terms").click()
        page.get_by_role("navigation", name="Saved views").wait_for(state="detached")


def phone(look) -> None:
    """On a phone the tools of a list open below each other, and nothing sticks out."""
    with look.context(PHONE, ADMIN) as context:
        page = context.new_page()
        look.watch(page, "phone")
        page.goto(f"{ADMINS}/orders")
        for tool in ("columns", "save-view"):
            page.locator(f"#{tool} > summary").tap()
            look.expect(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{tool} sticks out")
        look.axe(page, "the tools of a list on a phone")
        look.shoot(page, "list-tools-phone")
        shipment(page)
        page.locator("#add-readings > summary").tap()
        look.expect(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the form for readings sticks out")
        look.shoot(page, "parcel-add-phone")


run(parcel, lists, phone)
