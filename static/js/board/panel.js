// The side panel: a task's page beside the board, with its own address. Without this script the same links lead to it.
import { board, link } from "./columns.js";

const isTyped = (form) => [...form.elements].some((field) => /^(text|textarea|search|url)/.test(field.type) && field.value !== field.defaultValue);

const side = document.getElementById("side");
const body = document.getElementById("panel");
const whole = document.getElementById("side-whole");
const home = location.pathname + location.search;
let opener = null;

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button > 0);
const idIn = (address) => new URL(address, location.href).pathname.match(/^\/board\/(T-\d+)$/)?.[1];

const markOpen = (id) => {
  for (const card of board.querySelectorAll(".card[data-open]")) card.removeAttribute("data-open");
  document.getElementById(id)?.setAttribute("data-open", "");
};

/** Open a task's page, or the form for a new one, beside the board. */
export const open = async (address, { push = true } = {}) => {
  opener = document.activeElement?.closest?.(".card")?.id ?? opener;
  side.hidden = false;
  whole.href = address;
  if (push) history.pushState({ panel: address }, "", address);
  markOpen(idIn(address));
  await window.htmx.ajax("GET", address, { target: body, swap: "innerHTML" });
  if (body.contains(document.activeElement)) return;
  const first = body.querySelector("[autofocus]") ?? body.querySelector("h1");
  if (first && !first.matches("[autofocus]")) first.tabIndex = -1;
  (first ?? body).focus();
};

/** Whether somebody has written something into it, or agrees to lose that. */
const mayClose = () => ![...body.querySelectorAll("form")].some(isTyped) || window.confirm("Close, and lose what you wrote?");

/** Close it, and give the focus back to the card it was opened from. */
export const close = ({ push = true } = {}) => {
  if (side.hidden) return;
  side.hidden = true;
  body.replaceChildren();
  if (push) history.pushState({}, "", home);
  markOpen(null);
  const card = document.getElementById(opener);
  (card ? link(card) : board.querySelector(".card-title"))?.focus();
  opener = null;
};

export const isOpen = () => Boolean(side) && !side.hidden;

if (side) {
  document.addEventListener("click", (event) => {
    const target = event.target.closest(".card-title, .card-do, a[data-panel], a[data-create]");
    if (!target || event.defaultPrevented || !isPlain(event)) return;
    event.preventDefault();
    open(target.getAttribute("href"));
  });
  document.getElementById("side-close").addEventListener("click", () => { if (mayClose()) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen() && !document.querySelector("dialog[open]") && mayClose()) close();
  });
  window.addEventListener("popstate", (event) => {
    if (event.state?.panel) open(event.state.panel, { push: false });
    else close({ push: false });
  });
}
