// Keeps the files of the page. The build fills in what they are.

const CACHE = `iopath-${"VERSION"}`;
const FILES = [];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => {
  event.waitUntil(removeOthers().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});

/** Removes what other versions of this page have kept. */
async function removeOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith("iopath-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** What was kept; what was not is asked for. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
