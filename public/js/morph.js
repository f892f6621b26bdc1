// Makes a piece of the page like another one, and leaves alone what is in a person's hands.

/** Whether somebody has typed or chosen something here, or is about to. */
function isInUse(field) {
  if (field === document.activeElement) return true;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) {
    return [...field.options].some((option) => option.selected !== option.defaultSelected)
      && field.selectedIndex > 0;
  }
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || null : null;
}

function isLike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && key(old) === key(fresh);
}

function morphAttributes(old, fresh) {
  // What a person opened stays open.
  const own = old.nodeName === "DETAILS" || old.nodeName === "DIALOG" ? ["open"] : [];
  if (old.nodeName === "BUTTON") own.push("aria-busy");
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !own.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!own.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function morphChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) if (key(child)) keyed.set(key(child), child);
  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const known = key(child) ? keyed.get(key(child)) : null;
    let match = known ?? next;
    // One without a key is never taken for one that has one, and will be wanted later.
    if (match && !isLike(match, child)) match = null;
    if (!match) {
      old.insertBefore(child, next);
      continue;
    }
    if (match === next) next = next.nextSibling;
    else old.insertBefore(match, next);
    morph(match, child);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

/**
 * Makes `old` like `fresh`, with as few changes as can be: focus, selection, scrolling, open parts and what was typed stay.
 */
export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.matches("input, select, textarea") && isInUse(old)) return;
  // What a refused form was filled with came back with the page, and is as good as typed.
  if (old.matches("form:has([aria-invalid=true], [role=alert])")) return;
  morphAttributes(old, fresh);
  morphChildren(old, fresh);
}
