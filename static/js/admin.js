// Names for what Django's own scripts put into the page without one: choosers, calendars, clocks, signs.

const $ = globalThis.django?.jQuery;

for (const select of document.querySelectorAll("select.admin-autocomplete")) {
  // Read when the chooser is made, which is when the page is ready. Its list opens within the page's content.
  select.dataset.dropdownParent = "#content-start";
}

// Django's scripts have registered for these moments before, so what they make is there.
$?.(nameChoosers);
$?.(document).on("select2:open", nameList);
addEventListener("load", nameBoxesAndSigns);

function nameChoosers() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const parts = select.nextElementSibling?.querySelectorAll(".select2-selection, .select2-selection__rendered");
    for (const part of parts ?? []) part.setAttribute("aria-label", nameOf(select));
  }
}

function nameList({ target }) {
  const chooser = target.nextElementSibling.querySelector(".select2-selection");
  chooser.setAttribute("aria-controls", chooser.getAttribute("aria-owns"));
  document.querySelector(".select2-search__field").setAttribute("aria-label", `${nameOf(target)}: search`);
}

function nameOf(select) {
  return select.labels[0]?.textContent.replace(/:$/, "") ?? select.name;
}

function nameBoxesAndSigns() {
  for (const box of document.querySelectorAll(".calendarbox, .clockbox")) {
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", box.matches(".clockbox") ? "Choose a time" : "Choose a date");
  }
  for (const sign of document.querySelectorAll("span.help-tooltip[aria-label]")) sign.setAttribute("role", "img");
}
