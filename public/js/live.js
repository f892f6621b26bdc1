// What changes on the server changes on the page.
//
// A part with data-live="invoice" is fetched anew when any invoice has changed, one with data-live="invoice:ID" when that
// one has; several are written with spaces between. A part with data-refresh="2" is fetched every two seconds, while
// somebody can see it, for what nobody is told of.
import { refresh } from "./swap.js";

/** Changes that come within this many milliseconds are fetched together. */
const together = 60;
/** Nothing for this long, and the stream is taken for dead: its server says something every 15 seconds. */
const silence = 35_000;

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("drizzl.live") : null;
const portal = document.documentElement.dataset.portal;
let last = null;

/** Begins to listen, if there is somebody signed in. */
export function beginLive() {
  if (!portal) return;
  document.addEventListener("drizzl:shown", schedule);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) fetchParts(() => true);
    schedule();
  });
  tabs?.addEventListener("message", ({ data }) => {
    if (data.portal === portal) hear(data.message);
  });
  schedule();
  listen();
}

/** One stream for all tabs of a browser: the one that holds the lock has it, and tells the others. */
async function listen() {
  if (navigator.locks && tabs) {
    // Whoever does not hold it hears from who does, and takes over when that one is closed.
    await navigator.locks.request(`drizzl.live.${portal}`, { ifAvailable: true }, async (lock) => {
      if (lock) return keepListening();
    });
    // What has changed since the page was made, nobody tells this tab.
    hear({ event: "ready" });
    await navigator.locks.request(`drizzl.live.${portal}`, keepListening);
  } else {
    await keepListening();
  }
}

async function keepListening() {
  for (let failures = 0; ; failures += 1) {
    try {
      if (!(await stream(() => (failures = 0)))) return;
    } catch {
      // Tried again below.
    }
    tell({ event: "away" });
    await new Promise((done) => setTimeout(done, Math.min(250 * 2 ** failures, 5_000)));
  }
}

/** Reads one stream to its end; false when there is nobody signed in any more. */
async function stream(begun) {
  const end = new AbortController();
  let watch = setTimeout(() => end.abort(), silence);
  try {
    const headers = { Accept: "text/event-stream", "X-Drizzl-Portal": portal };
    if (last !== null) headers["Last-Event-ID"] = last;
    const response = await fetch("/api/v1/live", { headers, signal: end.signal, cache: "no-store" });
    if (response.status === 401 || response.status === 403) {
      tell({ event: "over" });
      return false;
    }
    if (!response.ok) return true;
    let text = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      begun();
      clearTimeout(watch);
      watch = setTimeout(() => end.abort(), silence);
      const pieces = (text + part.value).split("\n\n");
      text = pieces.pop();
      for (const piece of pieces) take(piece);
    }
    return true;
  } finally {
    clearTimeout(watch);
  }
}

function take(piece) {
  const fields = {};
  for (const line of piece.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  if (!fields.event) return;
  last = fields.id ?? last;
  tell({ event: fields.event, change: fields.event === "change" ? JSON.parse(fields.data) : null });
}

function tell(message) {
  tabs?.postMessage({ portal, message });
  hear(message);
}

function hear({ event, change }) {
  const isHere = event !== "away" && event !== "over";
  const sign = document.getElementById("live-sign");
  if (sign) {
    sign.hidden = false;
    sign.dataset.state = isHere ? "here" : "away";
    sign.querySelector(".live-word").textContent =
      isHere ? "Live" : event === "over" ? "Signed out" : "Reconnecting";
  }
  if (event === "change") document.dispatchEvent(new CustomEvent("drizzl:change"));
  if (event === "change") fetchParts((part) => concerns(part, change));
  else if (isHere) fetchParts(() => true);
}

function concerns(part, { subject, id }) {
  return (part.dataset.live ?? "").split(" ").some((wish) => wish === subject || wish === `${subject}:${id}`);
}

let waiting = null;
let isFetching = false;

/** Fetches some parts anew, soon, and together with what is wanted meanwhile. */
function fetchParts(wanted) {
  const parts = [...document.querySelectorAll("[data-live], [data-refresh]")].filter(wanted);
  if (parts.length === 0) return;
  const isFirst = waiting === null;
  waiting = new Set([...(waiting ?? []), ...parts.map((part) => part.id)]);
  if (isFirst && !isFetching) setTimeout(fetchWaiting, together);
}

async function fetchWaiting() {
  const ids = waiting ?? new Set();
  waiting = null;
  isFetching = true;
  try {
    await refresh((part) => ids.has(part.id));
  } catch {
    // The stream breaks with the server, and fetches everything when it is back.
  }
  isFetching = false;
  if (waiting !== null) setTimeout(fetchWaiting, together);
  schedule();
}

let turn = null;

function schedule() {
  clearTimeout(turn);
  const parts = [...document.querySelectorAll("[data-refresh]")];
  if (parts.length === 0 || document.hidden) return;
  const seconds = Math.min(...parts.map((part) => Number(part.dataset.refresh)));
  turn = setTimeout(() => {
    fetchParts((part) => part.dataset.refresh !== undefined);
    schedule();
  }, seconds * 1_000);
}
