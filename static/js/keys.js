// Keys of a page: tells it which one was pressed (earshot:key), never while somebody types, and not where they are off.
(() => {
  if (document.body.hasAttribute("data-no-keys")) return;
  const help = document.getElementById("keys");
  const FIELD = 'textarea, select, [contenteditable], input:not([type="checkbox"]):not([type="radio"])';
  const REPEATED = new Set(["j", "k"]);

  const open = () => !help.open && help.showModal();
  const search = () => {
    const line = document.getElementById("search");
    if (line) line.focus();
    else document.querySelector("[data-list-link]")?.click();
  };

  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }

  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (on.matches(FIELD)) {
      if (event.key === "Escape") on.blur();
      return;
    }
    if (on.matches("a, button, summary") && (event.key === " " || event.key === "Enter")) return; // what has the focus acts
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.repeat && !REPEATED.has(key)) return;
    const own = { "?": open, "/": search }[key];
    if (own) own();
    else if (document.dispatchEvent(new CustomEvent("earshot:key", { detail: key, cancelable: true }))) return;
    event.preventDefault();
  });
})();
