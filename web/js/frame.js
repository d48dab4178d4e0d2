// What every page has around it: skip link, header with the language switch, footer.

import { element, spoken } from "./dom.js";
import { LANGUAGES, choose, label, language, translate, whenever } from "./i18n.js";

function header() {
  const brand = element("a", { class: "brand", href: "/" }, element("img", { src: "/img/mark.svg", alt: "" }), "Burgernet");
  label(brand, "frame.brand");
  return element("header", { class: "top" }, element("div", { class: "bar" }, brand, languages()));
}

function languages() {
  const list = element("div", { class: "languages", role: "group" });
  label(list, "frame.languages");
  for (const code of LANGUAGES) {
    const button = spoken("button", { type: "button", lang: code, onclick: () => choose(code) }, `language.${code}`);
    whenever(() => button.setAttribute("aria-pressed", String(code === language())));
    list.append(button);
  }
  return list;
}

function footer() {
  const emergency = element("p", {}, spoken("strong", {}, "frame.emergency"));
  const open = spoken("p", {}, "frame.open");
  return element("footer", { class: "bottom" }, element("div", { class: "bar" }, emergency, open));
}

/** Leads past what every page has. The address stays as it is: some pages show what stands behind its "#". */
function skip() {
  const onclick = (event) => {
    event.preventDefault();
    const main = document.getElementById("main");
    main.tabIndex = -1;
    main.addEventListener("blur", () => main.removeAttribute("tabindex"), { once: true });
    main.scrollIntoView();
    main.focus();
  };
  return spoken("a", { class: "skip", href: "#main", onclick }, "frame.skip");
}

document.body.prepend(skip(), header());
document.body.append(footer());
translate();
