// Classic and blocking on purpose: the chosen theme must be on <html> before the first paint.
(() => {
  const root = document.documentElement;
  if ("fixedTheme" in root.dataset) return;
  try {
    const choice = localStorage.getItem("appearance");
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
  } catch {
    // Storage may be forbidden; then the device decides.
  }
})();
