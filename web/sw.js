// Shows push messages, also while no page is open; a tap opens the reader's own reply page.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body, lang, alert, url } = event.data.json();
  // The tag: an update takes the place of the call. Renotify: and is heard all the same.
  const shown = { body, lang, tag: alert, renotify: true, requireInteraction: true, data: { url } };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  if (new URL(url).origin === self.location.origin) event.waitUntil(self.clients.openWindow(url));
});
