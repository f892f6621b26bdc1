// Keys of lists and of what is done to their rows (O-25): the dialog that `?` opens tells of them.
//
// They count where a part of the page has data-keys. A row is a table's row with data-key; what has data-press="r" is
// pressed by `r`: in the row that has the focus, or else in the page.

const search = "[role=search] :is(input:not([type=hidden]), select)";

/** Begins to look after keys. */
export function beginKeys() {
  document.addEventListener("keydown", (event) => {
    const place = document.querySelector("[data-keys]");
    if (!place || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (close(event.target.closest("details.deed[open]"))) event.preventDefault();
      else if (event.target.matches(search)) event.target.blur();
    } else if (!event.target.closest("input:not([type=checkbox]), textarea, select") && press(event.key, place)) {
      event.preventDefault();
    }
  });
}

function close(deed) {
  if (!deed) return false;
  deed.open = false;
  deed.querySelector("summary").focus();
  return true;
}

/** Does what a key stands for; false when it stands for nothing here. */
function press(key, place) {
  const row = document.activeElement?.closest("tr[data-key]");
  if (key === "/") return focus(place.querySelector(search));
  if (key === "j") return move(place, row, 1);
  if (key === "k") return move(place, row, -1);
  if (key === "x" && row) return click(row.querySelector("input[type=checkbox]"));
  const wish = `[data-press="${CSS.escape(key)}"]`;
  const own = row?.querySelector(wish);
  if (own) return open(own);
  const choice = row?.querySelector("input[type=checkbox]");
  const target = [...place.querySelectorAll(wish)].find((element) => !element.closest("tr[data-key]"));
  if (target && choice && target.matches("input")) choice.checked = true;
  return open(target);
}

function move(place, row, way) {
  const rows = [...place.querySelectorAll("tr[data-key]")];
  const next = row ? rows[rows.indexOf(row) + way] : rows[way > 0 ? 0 : rows.length - 1];
  const target = next?.querySelector("a, button, summary");
  target?.scrollIntoView({ block: "nearest" });
  return focus(target);
}

function open(target) {
  if (!target) return false;
  const deed = target.closest("details.deed");
  if (!deed) return target.matches("button") ? click(target) : focus(target);
  deed.open = true;
  return focus(deed.querySelector("form :is(input:not([type=hidden]), textarea)"));
}

function focus(target) {
  target?.focus();
  target?.select?.();
  return Boolean(target);
}

function click(target) {
  target?.click();
  return Boolean(target);
}
