// A row of tabs or choices that is wider than the screen begins at the one of this page.
const CURRENT = '.tabs [aria-current="page"], .segmented [aria-current="true"]';

for (const chosen of document.querySelectorAll(CURRENT)) {
  const row = /** @type {HTMLElement} */ (chosen.closest(".tabs, .segmented"));
  const beyond = chosen.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (beyond > 0) row.scrollLeft += beyond + 48; // so that the next one shows that there are more
}
