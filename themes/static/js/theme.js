// Classic and blocking on purpose: the chosen theme must be on <html> before the first paint.
{
  const { dataset } = document.documentElement;
  try {
    const choice = "fixedTheme" in dataset ? null : localStorage.getItem("appearance");
    if (choice === "light" || choice === "dark") dataset.theme = choice;
  } catch {
    // Storage may be forbidden; then the device decides.
  }
}
