// The service worker of an organization's host: without a connection, whoever opens a page is shown the organization's own page about that.
// It shows push messages, and it keeps these pages (OFFLINE, written before this by portal/brand/installed.py) and which language was read last; nothing that is anybody's.
// Forms, files, sockets, parts of pages and everything else that is no page that somebody opens never pass through it.

const worker = /** @type {any} */ (self);
const NAME = `offline-${OFFLINE.version}`;
const LANGUAGE = "/offline/language";
// Addresses that are opened like pages, and answer with a file.
const FILE = /\.\w+$|\/(?:calendar-file|document|download|file|receipt|video)\/$/;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (/** @type {MessageEvent} */ event) => {
  const { language } = event.data ?? {};
  if (Object.hasOwn(OFFLINE.pages, language))
    caches.open(NAME).then((cache) => cache.put(LANGUAGE, new Response(language)));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || request.mode !== "navigate" || request.destination !== "document") return;
  if (FILE.test(new URL(request.url).pathname)) return;
  event.respondWith(fetch(request).catch(page));
});

/** Without cookies, because the pages are the same for everybody. */
async function keep() {
  const cache = await caches.open(NAME);
  const pages = Object.values(OFFLINE.pages);
  await cache.addAll(pages.map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
}

/** The page in the language that was read last. @returns {Promise<Response>} */
async function page() {
  const cache = await caches.open(NAME);
  const read = await cache.match(LANGUAGE);
  const language = read ? await read.text() : OFFLINE.first;
  const kept = await cache.match(OFFLINE.pages[language] ?? OFFLINE.pages[OFFLINE.first]);
  if (!kept) return Response.error();
  return new Response(kept.body, { status: 503, headers: kept.headers });
}

// A push message: title, body, icon, tag, language and the page that it leads to, all on this host. It is shown in any case, because browsers
// take push away from whoever keeps one to itself.
worker.addEventListener("push", (/** @type {any} */ event) => {
  const { title, body, icon, tag, url, language } = event.data?.json() ?? {};
  const shown = { body, icon, badge: icon, tag, lang: language, data: { url: ours(url) } };
  event.waitUntil(worker.registration.showNotification(title ?? "", shown));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.url ?? "/"));
});

/** The window that shows the page, or a new one: in any other somebody may be on a call, or in the middle of a form. @param {string} address */
async function lead(address) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((/** @type {any} */ window) => window.url === address);
  return there ? there.focus() : worker.clients.openWindow(address);
}

/** An address on this host; its start page for any other. @param {unknown} address */
function ours(address) {
  const found = new URL(typeof address === "string" ? address : "/", worker.location.origin);
  return found.origin === worker.location.origin ? found.href : worker.location.origin + "/";
}
