// Label with the keyboard: 1 2 3 for the sentiment, C complaint, T can't tell, Enter or space next, U undo, S skip.
(() => {
  const form = document.querySelector("[data-labelling]");
  if (!form || document.body.hasAttribute("data-no-keys")) return; // the person turned keys off
  const complaint = (value) => form.querySelector(`[name="complaint"][value="${value}"]`);
  const toggle = (value) => (complaint(value).checked ? complaint("no") : complaint(value)).click();
  const press = (name) => document.querySelector(`.labelling button[name="${name}"]`)?.click();
  const next = () => form.requestSubmit(form.querySelector('[type="submit"]'));

  const keys = {
    c: () => toggle("yes"),
    t: () => toggle("unclear"),
    u: () => press("undo"),
    s: () => press("skip"),
    " ": next,
    Enter: next,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const on = event.target;
    if (on.matches('textarea, select, [contenteditable], input:not([type="radio"])')) return;
    const own = on.matches("a, button, summary") && (event.key === " " || event.key === "Enter");
    if (own) return; // what has the focus answers to these itself
    const choice = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const act = choice ? () => choice.click() : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  form.dataset.keys = "on"; // keys pressed before are lost, and whoever waits for them can see it
  form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((one) => (one.disabled = true))));
})();
