// On a phone the filters are folded behind the first one, unless one of them is in use.
const form = document.getElementById("filters");
const button = document.getElementById("filters-unfold");

if (form) {
  const inUse = [...form.querySelectorAll("select, input.filters-field")].some((field) => field.value);
  button.hidden = false;
  const fold = (on) => {
    form.toggleAttribute("data-folded", on);
    button.setAttribute("aria-expanded", String(!on));
    button.textContent = on ? "More" : "Less";
  };
  fold(!inUse);
  button.addEventListener("click", () => fold(!form.hasAttribute("data-folded")));
}
