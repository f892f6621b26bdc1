// Links and forms marked with data-swap fetch what they lead to and show it in place; the server's answer is a page as ever.
import { morph } from "./morph.js";
import { toast } from "./shell.js";

let asked = null;

/** Begins to look after links and forms. */
export function beginSwapping() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    // In a drawing a link's address is no text.
    go(link.href.baseVal ? new URL(link.href.baseVal, location.href).href : link.href, { push: true });
  });
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return;
    if (form.matches("[data-swap]")) {
      event.preventDefault();
      send(form, submitter);
    } else if (form.matches("[data-working]")) {
      submitter?.setAttribute("aria-busy", "true");
    }
  });
  addEventListener("popstate", () => go(location.href, { push: false }));
  // A page that comes back from the browser's memory has buttons that still seem to work on something.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

/** What a page answers to a request for what is inside of its shell. */
async function ask(url, options = {}) {
  const response = await fetch(url, {
    ...options,
    headers: { Accept: "text/html", "X-Fragment": "1", ...options.headers },
  });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, fresh, main: fresh.getElementById("main") };
}

/** Whether a page may stand in the shell that is there: one of the same portal. */
function belongs(url) {
  const portal = document.documentElement.dataset.portal;
  return !portal || (url.startsWith(`${location.origin}/${portal}/`) && !url.startsWith(`${location.origin}/${portal}/login`));
}

function show({ response, fresh, main }, { push, url }) {
  const address = response.redirected ? response.url : url;
  if (!main || !belongs(address)) {
    location.assign(address);
    return;
  }
  document.getElementById("main").replaceWith(document.adoptNode(main));
  document.title = fresh.title;
  if (push && address !== location.href) history.pushState(null, "", address);
  const fault = main.querySelector("[role=alert]");
  (fault ?? main).focus({ preventScroll: !fault });
  if (!fault) scrollTo({ top: 0 });
  document.dispatchEvent(new CustomEvent("drizzl:shown"));
}

async function go(url, { push }) {
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    const answer = await ask(url, { signal: mine.signal });
    show(answer, { push, url });
  } catch (error) {
    if (error.name !== "AbortError") toast("The server cannot be reached. Try again in a moment.", "error");
  }
}

async function send(form, submitter) {
  if (submitter?.getAttribute("aria-busy") === "true") return;
  submitter?.setAttribute("aria-busy", "true");
  const isGet = form.method === "get";
  const fields = new URLSearchParams(new FormData(form, submitter));
  // What was left empty does not make the address longer.
  if (isGet) for (const [name, value] of [...fields]) if (value === "") fields.delete(name);
  // A button may lead elsewhere than its form: what would happen is asked at another address than what is done.
  const action = submitter?.hasAttribute("formaction")
    // By its attribute: a field of that name would stand in the property.
    ? submitter.formAction : new URL(form.getAttribute("action"), location.href).href;
  const url = isGet ? `${action.split("?")[0]}?${fields}` : action;
  try {
    const answer = await ask(url, isGet ? {} : { method: "POST", body: fields });
    // A refused form is shown at the form's page, and its address is not one to go back to.
    const isPage = isGet || answer.response.redirected;
    show(answer, { push: isPage, url: isPage ? url : location.href });
  } catch {
    toast("The server cannot be reached. What you filled in is still here; try again in a moment.", "error");
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

/** Asks for the present page again, and makes those parts of it like the answer that `wanted` picks. */
export async function refresh(wanted) {
  const address = location.href;
  const { response, main } = await ask(address);
  if (response.redirected && !belongs(response.url)) {
    location.assign(response.url);
    return;
  }
  // Meanwhile somebody went elsewhere, or it went wrong: what is there stays.
  if (!response.ok || !main || location.href !== address) return;
  for (const old of document.querySelectorAll("[data-live], [data-refresh]")) {
    const fresh = old.id && main.querySelector(`#${CSS.escape(old.id)}`);
    if (fresh && wanted(old)) morph(old, document.adoptNode(fresh));
  }
}
