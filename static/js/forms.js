// What every page needs of its forms and notes: dismiss a note, close a menu, `/` for the search field.
import { isCommand } from "./commands.js";

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
  if (event.key === "/" && isCommand(event)) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
});
