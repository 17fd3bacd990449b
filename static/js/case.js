// With a script, a status or an assignee is saved when it is chosen: the Save buttons are not needed.
(() => {
  const hide = () => document.querySelectorAll("[data-no-script]").forEach((button) => (button.hidden = true));
  document.addEventListener("change", (event) => {
    if (event.target.matches("form.case select")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:afterSettle", hide);
  hide();
})();
