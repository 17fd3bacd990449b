// One case by keyboard: the next and the previous one, done, mine, snooze, reply, note; and where an address points to.
(() => {
  const page = document.querySelector("[data-case-page]");
  if (!page) return;
  const follow = (rel) => document.querySelector(`a[rel="${rel}"]`)?.click();
  const press = (what) => document.querySelector(`[data-quick="${what}"] button`)?.click();
  const note = () => document.getElementById("note")?.focus();

  const reply = () => {
    const places = ['[data-typing-place="reply"]', "[data-reply]", "#reply"]; // words, the network, or why neither
    const place = places.map((one) => document.querySelector(one)).find(Boolean);
    place?.focus();
    place?.scrollIntoView({ block: "center" });
  };

  const snooze = () => {
    const details = document.querySelector("[data-snooze]");
    if (!details) return;
    details.open = true;
    details.querySelector("[data-until]").focus();
  };

  const table = {
    j: () => follow("next"),
    k: () => follow("prev"),
    e: () => press("done"),
    a: () => press("mine"),
    s: snooze,
    r: reply,
    n: note,
    u: () => document.querySelector("[data-undo-button]")?.click(),
  };

  document.addEventListener("earshot:key", (event) => {
    if (!table[event.detail]) return;
    event.preventDefault();
    table[event.detail]();
  });

  const toast = document.querySelector("[data-undo]");
  if (toast) setTimeout(() => toast.remove(), 1000 * toast.dataset.undo);
  ({ "#note": note, "#reply": reply })[location.hash]?.();
  page.dataset.keys = document.body.hasAttribute("data-no-keys") ? "off" : "on";
})();
