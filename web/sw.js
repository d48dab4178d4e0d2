// Shows push messages, also while no page is open, and keeps the last of them; a tap opens the reader's own reply page.
// Without a connection the page of notifications is still there, with those.
// Where the reader is, as far as they said so, is compared here, and is never sent anywhere.

const PAGES = "burgernet-pages";
const HEARD = "burgernet-heard"; // read and cleared by js/heard.js, which also puts the reader's place there
const MESSAGES = "/kept/messages";
const PLACE = "/kept/place";
const MOST = 20;
const KEPT_MS = 48 * 3_600_000; // then nothing more than the alert itself is of use to anybody
const NEAR_M = 1_000; // farther away than that, a message makes no sound
const OFFLINE = /^\/(meldingen|(css|js|img)\/.+|manifest\.webmanifest)$/;
const EARTH_M = 6_371_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What the page that made us has used until now.
self.addEventListener("message", (event) => {
  const addresses = event.data.used.filter((address) => OFFLINE.test(new URL(address, location.origin).pathname));
  event.waitUntil(caches.open(PAGES).then((cache) => cache.addAll(addresses)));
});

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !OFFLINE.test(pathname)) return;
  event.respondWith(newestOf(event, pathname));
});

/** What cannot be kept, because the device is full or will not, is shown all the same. */
async function newestOf(event, pathname) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keepPage(pathname, answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const kept = await (await caches.open(PAGES)).match(pathname);
    if (kept) return kept;
    throw error;
  }
}

async function keepPage(pathname, answer) {
  const cache = await caches.open(PAGES);
  await cache.put(pathname, answer);
}

self.addEventListener("push", (event) => event.waitUntil(heard(event.data.json())));

async function heard({ title, body, lang, alert, url, around }) {
  const place = await kept(PLACE).catch(() => undefined); // what asks to look out is shown, whatever this device keeps
  const metres = place && around && distance(place, around);
  const where = metres === undefined ? "" : said(place.words[lang], metres);
  const near = !(metres > NEAR_M);
  // The tag: an update takes the place of the call. Renotify: and is heard all the same.
  const loud = near ? { renotify: true, requireInteraction: true } : { silent: true };
  await self.registration.showNotification(title, { body: [where, body].filter(Boolean).join("\n"), lang, tag: alert, data: { url }, ...loud });
  await navigator.locks.request(HEARD, async () => {
    const others = ((await kept(MESSAGES)) ?? []).filter((other) => other.alert !== alert && other.at > Date.now() - KEPT_MS);
    await keep(MESSAGES, [{ alert, title, body, lang, where, at: Date.now() }, ...others].slice(0, MOST));
  });
}

/** Metres from the place to the circle around an alert; 0 inside it. */
function distance({ lon, lat }, [centerLon, centerLat, radius]) {
  const radians = Math.PI / 180;
  const north = (centerLat - lat) * radians;
  const east = (centerLon - lon) * radians * Math.cos(((centerLat + lat) / 2) * radians);
  return Math.max(Math.hypot(north, east) * EARTH_M - radius, 0);
}

/** `words`: { inside, metres, kilometres }, the last two with {count}. */
function said(words, metres) {
  if (!metres) return words.inside;
  if (metres < 1_000) return words.metres.replace("{count}", Math.ceil(metres / 100) * 100);
  return words.kilometres.replace("{count}", Math.round(metres / 1_000));
}

async function kept(address) {
  const cache = await caches.open(HEARD);
  return (await cache.match(address))?.json();
}

async function keep(address, content) {
  const cache = await caches.open(HEARD);
  await cache.put(address, new Response(JSON.stringify(content)));
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  if (new URL(url).origin === self.location.origin) event.waitUntil(self.clients.openWindow(url));
});
