// Lists by keys: j and k go from row to row, x picks one, Enter opens it, / searches.

/** Begins to look after lists of records. */
export function beginRecords() {
  // What is chosen is shown at once; without a script, by the button.
  document.addEventListener("change", (event) => {
    if (event.target.matches(".narrow select")) event.target.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.metaKey && !event.ctrlKey && !event.altKey;
    if (!isPlain || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    const list = document.querySelector(".records");
    if (!list) return;
    if (event.key === "/") {
      const search = document.getElementById("narrow-q");
      search?.focus();
      if (search) event.preventDefault();
    } else if (event.key === "j" || event.key === "k") {
      const links = [...list.querySelectorAll("tbody th a")];
      const row = event.target.closest("tr");
      const at = links.findIndex((link) => link.closest("tr") === row);
      links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))]?.focus();
    } else if (event.key === "x") {
      event.target.closest("tr")?.querySelector(".pick-box")?.click();
    }
  });
}
