// What the service worker does when somebody presses a push message: {worker, windows, url} comes in, what was done to which window goes out.
import { readFileSync } from "node:fs";

const { worker, windows, url } = JSON.parse(readFileSync(0, "utf8"));
const origin = "https://north.test";
const done = [];
const listeners = {};
const open = windows.map((address) => ({
  url: origin + address,
  focus: async () => done.push(["focus", address]),
  navigate: async (to) => done.push(["navigate", address, to]),
}));
const self = {
  location: { origin },
  addEventListener: (name, listener) => (listeners[name] = listener),
  clients: {
    matchAll: async () => open,
    openWindow: async (address) => done.push(["open", address.replace(origin, "")]),
  },
};
new Function("self", "OFFLINE", worker)(self, { version: "1", pages: {}, first: "en" });
let ending = Promise.resolve();
listeners.notificationclick({
  notification: { close() {}, data: { url: origin + url } },
  waitUntil: (promise) => (ending = promise),
});
await ending;
process.stdout.write(JSON.stringify(done));
