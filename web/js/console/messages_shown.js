// The call exactly as it will be received: per language, as each channel shows or says it.

import { element, spoken } from "../dom.js";

export function messages({ preview, channels }) {
  const section = element("section", { class: "card" }, spoken("h2", {}, "messages.heading"));
  for (const [code, shown] of Object.entries(preview)) section.append(inLanguage(code, shown, channels));
  return section;
}

function inLanguage(code, { sms, parts, voice, push, email_subject: subject, email_text: text }, channels) {
  const list = element("div", { class: "previews" });
  const add = (channel, ...what) => channels.includes(channel) && list.append(element("div", { class: `preview ${channel}` }, spoken("h3", {}, `by.${channel}`), ...what));
  if (sms) add("sms", element("p", { class: "bubble kept-lines", lang: code }, sms), partsOf(parts));
  if (voice) add("voice", element("p", { class: "bubble kept-lines", lang: code }, voice));
  if (push) add("push", element("p", { class: "bubble", lang: code }, element("strong", {}, push.title), element("br"), push.body));
  const head = element("p", { class: "bubble" }, spoken("span", { class: "quiet" }, "messages.subject"), " ", element("strong", { lang: code }, subject));
  add("email", head, element("p", { class: "bubble kept-lines", lang: code }, text));
  return element("details", { open: code === "nl" }, spoken("summary", {}, `language.${code}`), list);
}

function partsOf({ parts, encoding, units }) {
  const values = { parts, units };
  const line = spoken("p", { class: "small" }, parts === 1 ? "messages.part" : "messages.parts", values);
  if (encoding !== "GSM-7") line.append(" ", spoken("strong", {}, "messages.ucs2"));
  return line;
}
