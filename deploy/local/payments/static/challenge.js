/* Tells the page that opened the challenge how tall it is, and when the holder has answered. */
const query = new URLSearchParams(window.location.search);
const [id, host] = [query.get("id"), query.get("host")];

if (query.get("modal") && host) {
  document.documentElement.classList.add("modal");
  const tell = (said) => window.parent.postMessage({ standIn: id, ...said }, host);
  const { outcome } = document.body.dataset;
  if (outcome) tell({ event: "answered", outcome });
  new ResizeObserver(() =>
    tell({ event: "resize", height: Math.ceil(document.body.getBoundingClientRect().height) }),
  ).observe(document.body);
  const fail = () => document.querySelector("button[value=fail]")?.click();
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape") fail();
  });
  window.addEventListener("message", (message) => {
    const asked = message.source === window.parent && message.origin === host && message.data?.standIn === id;
    if (asked && message.data.ask === "fail") fail();
  });
}
