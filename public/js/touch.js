// Gestures of the phone. Whatever a gesture does, a button does too.
import { refresh } from "./swap.js";
import { toast } from "./shell.js";

/** How far a finger has to go for it to count, in pixels. */
const far = 80;

/** Begins to look after gestures. */
export function beginTouch() {
  document.addEventListener("pointerdown", (event) => {
    const row = event.pointerType !== "mouse" && event.target.closest("[data-swipe]");
    if (row && !event.target.closest("button, a, input")) swipe(row, event);
  });
  // Browsers have a gesture of their own for the whole page; ours fetches what is live, and keeps the place.
  if (document.documentElement.dataset.portal === "sales") {
    document.addEventListener("touchstart", pull, { passive: true });
  }
}

/** A row follows the finger to the left; let go far enough, it presses its button. */
function swipe(row, { pointerId, clientX: start }) {
  let way = 0;
  const move = (event) => {
    if (event.pointerId !== pointerId) return;
    way = Math.min(0, Math.max(-1.5 * far, event.clientX - start));
    row.style.translate = `${way}px`;
  };
  const end = (event) => {
    if (event.pointerId !== pointerId) return;
    for (const name of ["pointermove", "pointerup", "pointercancel"]) document.removeEventListener(name, steps[name]);
    row.style.translate = "";
    if (event.type === "pointerup" && way <= -far) row.querySelector("[data-swipe-action]")?.click();
  };
  const steps = { pointermove: move, pointerup: end, pointercancel: end };
  for (const name of Object.keys(steps)) document.addEventListener(name, steps[name]);
}

/** Pulled down from the top, the page is asked for again. */
function pull(event) {
  if (scrollY > 0 || event.touches.length > 1) return;
  const start = event.touches[0].clientY;
  document.addEventListener("touchend", async ({ changedTouches }) => {
    if (scrollY > 0 || changedTouches[0].clientY - start < far) return;
    try {
      await refresh(() => true);
      toast("Up to date.", "success");
    } catch {
      toast("The server cannot be reached. Try again in a moment.", "error");
    }
  }, { once: true, passive: true });
}
