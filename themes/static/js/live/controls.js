// The buttons of the session and their keys.

const KEYS = { m: "mic", v: "camera", s: "share", c: "toggle-chat", p: "toggle-people" };

/**
 * @param {HTMLElement} page
 * @param {Record<string, () => void>} acts by the name in data-action
 */
export function wire(page, acts) {
  page.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    if (button && !button.disabled) acts[button.dataset.action]?.();
  });
  // With Alt, so that no single letter acts by itself (WCAG 2.1.4).
  page.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const act = KEYS[event.code.replace("Key", "").toLowerCase()];
    if (!act) return;
    event.preventDefault();
    acts[act]?.();
  });
}

/** Show a switch's state everywhere it is drawn. @param {string} action @param {boolean} on @param {string=} label what a press would do */
export function press(action, on, label) {
  for (const button of document.querySelectorAll(`[data-action="${action}"]`)) {
    button.setAttribute("aria-pressed", String(on));
    if (action === "mic" || action === "camera") button.toggleAttribute("data-off", !on);
    if (label) button.setAttribute("aria-label", label);
  }
}
