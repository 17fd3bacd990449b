// Who is writing: tells the server while somebody types a note or a reply, and shows which colleague does.
(() => {
  const place = document.querySelector("[data-stream]");
  if (!place || !window.EventSource) return;
  const EVERY = 3000; // milliseconds between two signs of the same person
  const timers = new Map();
  let source = null;
  let told = 0;

  const show = (news) => {
    const line = document.querySelector(`[data-typing="${news.case}"]`);
    if (!line || String(news.user) === place.dataset.me) return;
    line.textContent = `${news.who} is writing ${news.place}`;
    clearTimeout(timers.get(news.case));
    timers.set(news.case, setTimeout(() => (line.textContent = ""), 1000 * news.seconds));
  };

  const open = () => {
    if (source) return;
    source = new EventSource(place.dataset.stream);
    source.addEventListener("typing", (event) => show(JSON.parse(event.data)));
    source.addEventListener("open", () => (place.dataset.open = "yes"));
  };

  const close = () => {
    source?.close();
    source = null;
    delete place.dataset.open;
  };

  document.addEventListener("input", (event) => {
    const where = event.target.dataset.typingPlace;
    if (!where || !place.dataset.tell || Date.now() - told < EVERY) return;
    told = Date.now();
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ place: where });
    fetch(place.dataset.tell, { method: "POST", headers: { "X-CSRFToken": token }, body }).catch(() => {});
  });

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
  for (const line of document.querySelectorAll("[data-typing]")) {
    if (line.textContent) timers.set(Number(line.dataset.typing), setTimeout(() => (line.textContent = ""), 8000));
  }
})();
