// The inbox: how many are chosen, the keys of the list, the next one after each change, and Undo while it is offered.
(() => {
  const keys = !document.body.hasAttribute("data-no-keys");
  const box = () => document.getElementById("inbox");
  const form = () => box().querySelector("[data-cases]");
  const rows = () => [...box().querySelectorAll("[data-case]")];
  const tick = (row) => row?.querySelector('input[name="case"]');
  const opens = (row) => row?.querySelector("[data-open]");
  const chosen = () => rows().filter((row) => tick(row)?.checked);
  const counted = (n) => `${n} case${n === 1 ? "" : "s"}`;
  let at = null; // the id of the selected row
  let after = []; // the rows to select next, the best first
  let busy = false;
  let waiting = [];

  const current = () => rows().find((row) => row.id === at);

  const select = (row) => {
    if (!row) return;
    for (const other of rows()) other.removeAttribute("aria-current");
    at = row.id;
    row.setAttribute("aria-current", "true");
    if (document.activeElement?.matches('input:not([type="checkbox"])')) return; // never take a field away
    opens(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const here = all.findIndex((row) => row.id === at);
    select(here < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, here + by))]);
  };

  // Once all of the page are chosen the whole list may be; who takes one away means the page again.
  const offerWhole = (bulk, all) => {
    const [label, tick] = [bulk.querySelector("[data-whole-label]"), bulk.querySelector("[data-whole]")];
    if (label) label.hidden = !all;
    if (tick && !all) tick.checked = false;
    return tick?.checked ? tick.dataset.whole : "";
  };

  const count = () => {
    const bulk = box().querySelector("[data-bulk]");
    if (!bulk) return;
    const n = chosen().length;
    form().elements.told.value = n;
    const whole = offerWhole(bulk, n > 0 && n === rows().length);
    bulk.querySelector("[data-count]").textContent = whole
      ? `This asks first, and then changes all ${whole} cases:`
      : n
        ? `This changes ${counted(n)}:`
        : "Choose cases to change several at once.";
    bulk.querySelector("[data-actions]").hidden = !n;
    const all = bulk.querySelector("[data-all]");
    all.checked = n > 0 && n === rows().length;
    all.indeterminate = n > 0 && n < rows().length;
    for (const row of rows()) row.toggleAttribute("data-chosen", Boolean(tick(row)?.checked));
  };

  const choose = (row, on) => {
    if (!tick(row)) return;
    tick(row).checked = on;
    count();
  };

  const withOne = () => {
    if (!chosen().length && current()) choose(current(), true);
    return chosen().length > 0;
  };

  const act = (what) => withOne() && box().querySelector(`button[name="do"][value="${what}"]`).click();

  const snooze = () => {
    if (!tick(current()) && !chosen().length) return;
    if (!withOne()) return;
    const menu = box().querySelector("[data-snooze]");
    menu.open = true;
    menu.querySelector("[data-until]").focus();
  };

  const go = (place) => {
    if (current()) location.href = opens(current()).href + place;
  };

  const table = {
    j: () => step(1),
    k: () => step(-1),
    o: () => go(""),
    Enter: () => go(""),
    e: () => act("done"),
    a: () => act("mine"),
    s: snooze,
    r: () => go("#reply"),
    n: () => go("#note"),
    x: () => current() && choose(current(), !tick(current())?.checked),
    u: () => box().querySelector("[data-undo-button]")?.click(),
  };

  const press = (key) => {
    if (busy) return waiting.push(key);
    return table[key]();
  };

  document.addEventListener("earshot:key", (event) => {
    if (!table[event.detail]) return;
    event.preventDefault();
    press(event.detail);
  });

  const offer = () => {
    const toast = box().querySelector("[data-undo]");
    if (toast) setTimeout(() => toast.remove(), 1000 * toast.dataset.undo);
  };

  const ready = () => {
    box().querySelector("[data-all-label]")?.removeAttribute("hidden");
    if (form()) count();
    offer();
    box().dataset.keys = keys ? "on" : "off"; // keys pressed before are lost, and whoever waits for them can see it
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const row of rows()) tick(row).checked = event.target.checked;
    if (event.target.matches('[data-all], [data-whole], input[name="case"]')) count();
  });

  document.addEventListener("keydown", (event) => {
    const part = event.target.closest("[data-enter]");
    if (event.key !== "Enter" || event.isComposing || !part || !event.target.matches("input")) return;
    event.preventDefault();
    part.querySelector("button").click();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#inbox [data-case]");
    if (!row || row.id === at) return;
    for (const other of rows()) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    at = row.id;
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.closest("#inbox")) return;
    const all = rows();
    const here = Math.max(0, all.findIndex((row) => row.id === at));
    after = [...all.slice(here), ...all.slice(0, here).reverse()].map((row) => row.id);
    busy = true;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!busy || event.detail.successful) return;
    [busy, waiting] = [false, []];
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = "That did not reach the server, so nothing was changed. Reload the page and try again.";
    document.getElementById("toasts").replaceChildren(toast);
    setTimeout(() => toast.remove(), 8000);
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!busy) return;
    busy = false;
    ready();
    const next = at && after.map((id) => document.getElementById(id)).find(Boolean);
    if (next) select(next);
    else if (at) select(rows()[0]);
    const keysOfThen = waiting;
    waiting = [];
    keysOfThen.forEach(press);
  });

  // Back from the page that asks: the browser may show this one as it was left, waiting.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) [busy, waiting] = [false, []];
  });

  ready();
  select(rows().find((row) => `#${row.id}` === location.hash));
})();
