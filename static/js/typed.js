// What a person has typed in the forms of a task, and how it outlasts an answer that was not to that form.
const changed = (control) => {
  if (control.type === "hidden" || control.tagName === "BUTTON") return false;
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.tagName === "SELECT") return [...control.options].some((one) => one.selected !== one.defaultSelected);
  return control.value !== control.defaultValue;
};
const forms = () => [...document.querySelectorAll("#task form")];
const key = (control, at) => `${control.form.id} ${control.name} ${control.type === "radio" ? control.value : at}`;
const controls = (form) => [...form.elements].map((control, at) => [key(control, at), control]);

/** Whether somebody is writing in the form, or has. */
export const isTyped = (form) => [...form.elements].some(changed) || form.contains(document.activeElement);

let kept = new Map();

document.addEventListener("htmx:before:swap", (event) => {
  const answered = event.detail.ctx.sourceElement;
  const others = forms().filter((form) => form !== answered).flatMap(controls);
  kept = new Map(others.filter(([, control]) => changed(control)));
});

document.addEventListener("htmx:after:swap", () => {
  for (const [name, control] of forms().flatMap(controls)) {
    const before = kept.get(name);
    if (!before || before === control || changed(control)) continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = before.checked;
    else control.value = before.value;
  }
  kept = new Map();
});
