// In place of the service worker where none is wanted: takes away what one has kept, and then itself.
{
  const worker = /** @type {any} */ (self);

  const remove = async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await worker.registration.unregister();
  };

  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(remove()));
}
