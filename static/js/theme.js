// Switch between the light and the dark theme; the choice is a cookie, so the server draws the page right at once.
(() => {
  const root = document.documentElement;
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const tell = () => document.dispatchEvent(new CustomEvent("earshot:theme"));

  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
      tell();
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
})();
