// Live pages: listen for new mentions while the page is seen, and fetch what changed; a hidden tab asks for nothing.
(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const kind = place.dataset.liveKind;
  const EVERY = kind === "mentions" ? 700 : 4000; // milliseconds between two refreshes
  let source = null;
  let timer = null;
  let last = 0;
  let ids = [];
  let missed = 0;
  let hiddenAt = 0;

  const toast = (text, url) => {
    const box = document.getElementById("toasts");
    const item = document.createElement("p");
    item.className = "toast";
    item.textContent = text;
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = "Show";
      item.append(link);
    }
    box.replaceChildren(item);
    setTimeout(() => item.remove(), 8000);
  };

  const counted = (n) => `${n.toLocaleString("en-GB")} new mention${n === 1 ? "" : "s"}`;

  const here = (changes) => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
    return url.pathname + url.search;
  };

  const prepend = () => {
    const list = document.getElementById("mentions");
    const wanted = ids.filter((id) => !document.getElementById(`mention-${id}`));
    const more = missed;
    ids = [];
    missed = 0;
    if (more > wanted.length) return toast(counted(more), location.href);
    if (!wanted.length || !list) return undefined;
    return window.htmx.ajax("GET", here({ fresh: wanted.join(",") }), { target: list, swap: "afterbegin" });
  };

  const redraw = () => {
    const n = missed;
    missed = 0;
    ids = [];
    if (n) toast(counted(n), document.querySelector("#stat-mentions")?.href);
    const open = document.querySelector("#figures details[open], #figures .menu[open]");
    const typing = document.activeElement?.closest("#figures form");
    if (open || typing) return undefined; // never pull a page away under somebody's hands
    return window.htmx.ajax("GET", here({ part: "all" }), { target: "#figures", swap: "outerHTML" });
  };

  const tell = () => {
    const n = missed;
    missed = 0;
    ids = [];
    if (n) toast(counted(n), location.href);
  };

  const refresh = { mentions: prepend, overview: redraw, complaints: tell }[kind];

  const soon = () => {
    if (timer || document.hidden) return;
    timer = setTimeout(() => {
      timer = null;
      last = Date.now();
      refresh();
    }, Math.max(0, last + EVERY - Date.now()));
  };

  const open = () => {
    if (source) return;
    source = new EventSource(place.dataset.live);
    source.addEventListener("mentions", (event) => {
      const news = JSON.parse(event.data);
      ids = ids.concat(news.ids || []).slice(-50);
      missed += news.new || 0;
      if (news.new || news.changed || kind === "overview") soon();
    });
    source.addEventListener("open", () => (place.dataset.open = "yes"));
  };

  const close = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
    timer = null;
    delete place.dataset.open;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenAt = Date.now();
      close();
      return;
    }
    open();
    if (kind === "overview") redraw();
    else if (Date.now() - hiddenAt > 5000) toast("Back again: reload to see what came in meanwhile.", location.href);
  });
  addEventListener("pagehide", close);
  if (!document.hidden) open();
})();
