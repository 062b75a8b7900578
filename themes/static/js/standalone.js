// Written into pages that stand alone: looks, ever more rarely, whether there is an answer again, and then opens what was asked for.
{
  const LONGEST_MS = 60_000;
  let wait = 5_000;
  let timer = 0;

  const look = async () => {
    window.clearTimeout(timer);
    try {
      const { status } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (status < 502 || status > 504) return location.reload();
    } catch {
      // Still nobody there.
    }
    timer = window.setTimeout(look, wait * (0.75 + Math.random() / 2)); // not everybody at the same moment
    wait = Math.min(wait * 2, LONGEST_MS);
  };

  timer = window.setTimeout(look, wait);
  window.addEventListener("online", look);
}
