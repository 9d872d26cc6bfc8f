// Says, before it is sent, what follows from the verdicts on the criteria.
const worded = (form) => {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const said = criteria.map((one) => [one.dataset.criterion, one.querySelector("input:checked")?.value]);
  const open = said.filter(([, value]) => !value).map(([number]) => number);
  const unmet = said.filter(([, value]) => value === "no").map(([number]) => number);
  if (open.length) return `Not judged yet: ${open.join(", ")}.`;
  if (unmet.length) return `This rejects it: ${unmet.join(", ")} not met.`;
  return "This approves it: every criterion is met.";
};

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-review]");
  if (!form) return;
  const choice = event.target.closest("[data-criterion]");
  if (choice && event.target.type === "radio") {
    choice.classList.toggle("criterion-met", event.target.value === "yes");
    choice.classList.toggle("criterion-unmet", event.target.value === "no");
  }
  form.querySelector("[data-verdict]").textContent = worded(form);
});
