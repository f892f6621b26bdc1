// How much waits, in the menu: alerts, approvals, dead jobs. Without a script the pages themselves say it.

const words = { alerts: "not acknowledged", approvals: "waiting", dead_jobs: "dead jobs" };
/** Where nothing tells of a change, it is asked for every few seconds while somebody can see it. */
const pause = 4_000;
let turn = null;
let isAsked = false;

/** Begins to count, where the menu has something to count. */
export function beginCounts() {
  if (!document.querySelector("[data-count]")) return;
  for (const event of ["drizzl:shown", "drizzl:change", "visibilitychange"]) {
    document.addEventListener(event, () => again(100));
  }
  again(0);
}

function again(delay) {
  clearTimeout(turn);
  if (!document.hidden) turn = setTimeout(count, delay);
}

async function count() {
  if (isAsked) return again(pause);
  isAsked = true;
  try {
    const answer = await fetch("/api/v1/counts", {
      headers: { Accept: "application/json", "X-Drizzl-Portal": document.documentElement.dataset.portal },
    });
    if (answer.status === 401 || answer.status === 403) return;
    if (answer.ok) show(await answer.json());
  } catch {
    // Asked again below.
  } finally {
    isAsked = false;
  }
  again(pause);
}

function show(counts) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const number = counts[place.dataset.count] ?? 0;
    place.hidden = number === 0;
    const text = number > 999 ? "999+" : String(number);
    if (place.textContent.trim() === `${text} ${words[place.dataset.count]}`) continue;
    const more = document.createElement("span");
    more.className = "visually-hidden";
    more.textContent = ` ${words[place.dataset.count]}`;
    place.replaceChildren(text, more);
  }
}
