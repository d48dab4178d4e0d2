// One thing at a time: while a button's work is under way, another press does nothing.

/** Does `work` unless it is under way already; `button` says so. */
export async function busy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
