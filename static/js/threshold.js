// With a script, the threshold can be chosen on a slider that says what it would mean; the table below it stays.
(() => {
  const box = document.querySelector("[data-threshold-slider]");
  const steps = [...document.querySelectorAll("[data-threshold-step]")];
  if (!box || !steps.length) return;
  const range = box.querySelector("input"), output = box.querySelector("output");
  const say = () => {
    const row = steps[range.value].closest("tr");
    const [from, recent, , rightly] = [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " "));
    output.textContent = `from ${from}: flags ${recent} of recent posts; rightly ${rightly}`;
    for (const step of steps) step.closest("tr").classList.toggle("chosen", step.checked);
  };
  const follow = () => {
    const chosen = steps.findIndex((step) => step.checked);
    if (chosen >= 0) range.value = chosen;
    say();
    if (chosen < 0) output.textContent = "the engine's own";
  };
  range.addEventListener("input", () => { steps[range.value].checked = true; say(); });
  document.addEventListener("change", (event) => { if (event.target.name === "threshold") follow(); });
  range.value = Math.floor(steps.length / 2);
  box.hidden = false;
  follow();
})();
