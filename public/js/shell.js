// Sidebar, dialogs and toasts.

/** Begins to look after what stands around the page. */
export function beginShell() {
  const root = document.documentElement;
  const button = document.querySelector("[data-collapse]");
  const show = () => {
    const isCollapsed = root.dataset.sidebar === "collapsed";
    button?.setAttribute("aria-pressed", String(isCollapsed));
    button?.setAttribute("title", isCollapsed ? "Expand" : "Collapse");
  };
  button?.addEventListener("click", () => {
    if (root.dataset.sidebar === "collapsed") delete root.dataset.sidebar;
    else root.dataset.sidebar = "collapsed";
    try {
      localStorage.setItem("drizzl.sidebar", root.dataset.sidebar ?? "open");
    } catch {
      // It is as wide as it was the next time.
    }
    show();
  });
  show();
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    const toaster = event.target.closest("[data-toast]");
    if (toaster) toast(toaster.dataset.toast, toaster.dataset.tone);
  });
}

/** The addresses of icons are in the page, since each begins with the version of their file. */
function icon(name) {
  const any = document.querySelector("svg.icon use")?.getAttribute("href") ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", any.split("#")[0] + "#" + name);
  svg.append(use);
  return svg;
}

const icons = { success: "circle-check", error: "circle-alert", info: "info" };

/** Says something in passing; what one has to know stands in the page itself. */
export function toast(text, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const shown = [...place.children].find((child) => child.dataset.text === text);
  shown?.remove();
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  box.dataset.text = text;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button ghost icon-only";
  close.setAttribute("aria-label", "Dismiss");
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(icon(icons[tone] ?? "info"), words, close);
  place.append(box);
  // An error stays until it is read.
  if (tone !== "error") setTimeout(() => box.remove(), 6000);
}
