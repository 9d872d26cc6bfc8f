// What every page needs of its forms and notes: dismiss a note, close a menu, `/` for the search field.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".note")?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
});
