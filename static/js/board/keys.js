// The keyboard: one card is in the tab order, and the keys go on from it. Not while somebody types.
import { isCommand } from "../commands.js";
import { board, cardsOf, column, link, show } from "./columns.js";
import * as panel from "./panel.js";

const dialog = document.getElementById("keys");
const columns = () => [...board.querySelectorAll(".column")].filter((section) => section.querySelector(".card"));
let last = null;

const current = () => document.activeElement?.closest?.(".card") ?? document.getElementById(last) ?? null;

/** One card of all can be reached by Tab: the one that was last focused, else the first. */
const rove = () => {
  const kept = document.getElementById(last) ?? board.querySelector(".card");
  for (const title of board.querySelectorAll(".card-title")) title.tabIndex = title.closest(".card") === kept ? 0 : -1;
};

const focus = (card) => {
  if (!card) return;
  show(card.closest(".column").dataset.column);
  link(card).focus();
};

const along = (step) => {
  const card = current();
  if (!card) return focus(board.querySelector(".card"));
  const cards = cardsOf(card.closest(".column"));
  const next = cards[cards.indexOf(card) + step];
  if (next) focus(next);
  else if (step > 0) card.closest(".column").querySelector("[data-more]")?.focus();
};

const across = (step) => {
  const card = current();
  if (!card) return focus(board.querySelector(".card"));
  const all = columns();
  const here = card.closest(".column");
  const next = all[all.indexOf(here) + step];
  if (next) focus(cardsOf(next)[Math.min(cardsOf(here).indexOf(card), cardsOf(next).length - 1)]);
};

const KEYS = {
  j: () => along(1),
  k: () => along(-1),
  l: () => across(1),
  h: () => across(-1),
  m: () => current()?.querySelector(".card-do")?.click(),
  c: () => panel.open("/board/new"),
  f: () => document.getElementById("filter-text")?.focus(),
  "?": () => dialog.showModal(),
};

if (board) {
  rove();
  document.getElementById("keys-switch").hidden = false;
  document.getElementById("keys-switch").addEventListener("click", () => dialog.showModal());
  board.addEventListener("focusin", (event) => {
    const card = event.target.closest(".card");
    if (!card || card.id === last) return;
    last = card.id;
    rove();
  });
  document.addEventListener("board:changed", rove);
  document.addEventListener("board:drawn", (event) => {
    rove();
    show(event.detail?.tab && column(event.detail.tab) ? event.detail.tab : board.dataset.tab);
  });
  document.addEventListener("keydown", (event) => {
    if (!isCommand(event) || dialog.open) return;
    const act = KEYS[event.key];
    if (!act || (panel.isOpen() && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
}
