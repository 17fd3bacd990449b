// Choose the browser's own time zone in a new form, where nobody chose one yet.
(() => {
  const select = document.querySelector("[data-own-zone] select");
  if (!select || select.value !== "UTC" || document.querySelector(".errors, .form-errors")) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
})();
