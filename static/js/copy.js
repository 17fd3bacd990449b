// A button that copies the text of another element; without a clipboard it stays hidden, and the text can be selected.
(() => {
  const show = () => {
    if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const text = button && document.querySelector(button.dataset.copy)?.textContent.trim();
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
      button.lastChild.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(document.querySelector(button.dataset.copy));
    }
  });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
