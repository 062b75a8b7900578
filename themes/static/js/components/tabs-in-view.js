// A row of tabs that is wider than the screen begins at the tab of this page.
for (const tab of document.querySelectorAll('.tabs [aria-current="page"]')) {
  const row = /** @type {HTMLElement} */ (tab.closest('.tabs'))
  const beyond = tab.getBoundingClientRect().right - row.getBoundingClientRect().right
  if (beyond > 0) row.scrollLeft += beyond + 48 // so that the next one shows that there are more
}
