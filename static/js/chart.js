// Draw the charts of the page with Plotly: figures come as JSON, colours as token names that both themes resolve.
(() => {
  const CONFIG = { displayModeBar: false, responsive: true, showTips: false };
  const urls = new WeakMap();

  const resolve = (value, styles) => {
    if (typeof value === "string") {
      if (value === "token:transparent") return "rgba(0,0,0,0)";
      return value.startsWith("token:") ? styles.getPropertyValue(`--${value.slice(6)}`).trim() : value;
    }
    if (Array.isArray(value)) return value.map((one) => resolve(one, styles));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, styles)]));
    }
    return value;
  };

  const narrow = (layout) => {
    if (innerWidth > 640) return layout;
    const every = Math.ceil(layout.xaxis.tickvals.length / 4);
    const keep = (_, i) => i % every === 0;
    const xaxis = { ...layout.xaxis, tickvals: layout.xaxis.tickvals.filter(keep), ticktext: layout.xaxis.ticktext.filter(keep) };
    return { ...layout, xaxis, margin: { ...layout.margin, l: 32, r: 28 }, showlegend: false };
  };

  const draw = async (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.Plotly) return;
    const told = JSON.parse(source.textContent);
    const figure = resolve(told.figure, getComputedStyle(document.documentElement));
    const first = !urls.has(box);
    urls.set(box, told.urls);
    await window.Plotly.react(box, figure.data, narrow(figure.layout), CONFIG);
    if (first) {
      box.on("plotly_click", (event) => {
        const url = urls.get(box)[event.points[0].x];
        if (url) location.assign(url);
      });
    }
    box.dataset.drawn = "yes";
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("earshot:theme", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  drawAll();
})();
