// Lets this device keep the organization's page for when there is no connection, and says in which language people read here.

const address = document.body.dataset.serviceWorker;

if (address && "serviceWorker" in navigator) {
  window.addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register(address);
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage({ language: document.documentElement.lang });
    } catch {
      // Some browsers and private windows keep nothing; then their own page is shown without a connection.
    }
  });
}
