// The columns: where a card stands in its own, how many there are, further pages, and tabs on a phone.
export const board = document.getElementById("board");
export const column = (name) => document.getElementById(`column-${name}`);
export const cardsOf = (section) => [...section.querySelectorAll(".card")];
export const link = (card) => card.querySelector(".card-title");

const NEWEST_FIRST = new Set(["done"]);
const MARKED_MS = 2500;

const isBefore = (left, right, name) => {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (NEWEST_FIRST.has(name) ? a[at] > b[at] : a[at] < b[at]);
};

/** Put a card where it belongs in a column. One that belongs behind the last that is shown, of more, is left out. */
export const place = (card, name) => {
  const section = column(name);
  const old = document.getElementById(card.id);
  const before = old?.closest(".column");
  const focused = old?.contains(document.activeElement) ? document.activeElement.className : null;
  const open = old?.hasAttribute("data-open");
  old?.remove();
  if (!section) return;
  const next = cardsOf(section).find((other) => isBefore(card.dataset.place, other.dataset.place, name));
  if (!next && section.querySelector("[data-more]")) return;
  section.querySelector("[data-cards]").insertBefore(card, next ?? null);
  if (open) card.setAttribute("data-open", "");
  section.removeAttribute("data-empty");
  if (before !== section) mark(card);
  if (focused) (card.getElementsByClassName(focused)[0] ?? link(card)).focus({ preventScroll: true });
};

/** Take a card away, and let the focus go on to its neighbour. */
export const drop = (id) => {
  const card = document.getElementById(id);
  if (!card?.matches(".card")) return;
  const neighbour = card.nextElementSibling ?? card.previousElementSibling;
  const focused = card.contains(document.activeElement);
  card.remove();
  if (focused && neighbour) link(neighbour)?.focus({ preventScroll: true });
};

/** Show a count wherever it stands, and collapse the column that has none. */
export const count = (name, text) => {
  for (const shown of document.querySelectorAll(`[data-count="${name}"]`)) {
    if (shown.textContent !== text) shown.textContent = text;
  }
  column(name)?.toggleAttribute("data-empty", text === "0");
};

const mark = (card) => {
  card.classList.add("card-moved");
  setTimeout(() => card.classList.remove("card-moved"), MARKED_MS);
};

const more = async (button) => {
  const answer = await fetch(button.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return location.assign(button.href);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const section = button.closest(".column");
  const first = holder.content.querySelector(".card");
  for (const card of holder.content.querySelectorAll(".card")) document.getElementById(card.id)?.remove();
  section.querySelector("[data-cards]").append(...holder.content.querySelectorAll(".card"));
  const further = holder.content.querySelector(".column-more");
  button.closest(".column-more").replaceWith(...(further ? [further] : []));
  document.dispatchEvent(new CustomEvent("board:drawn"));
  if (first) link(first).focus();
};

/** On a phone one column is seen at a time. */
export const show = (name) => {
  if (!column(name)) return;
  board.dataset.tab = name;
  for (const section of board.querySelectorAll(".column")) {
    section.toggleAttribute("data-shown", section.dataset.column === name);
  }
  for (const tab of board.querySelectorAll("[data-tab]")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
};

const first = () => {
  const named = location.hash.replace("#column-", "");
  const full = board.querySelector(".column:not([data-empty])");
  return column(named) ? named : (column("doing")?.matches(":not([data-empty])") ? "doing" : full?.dataset.column ?? "ready");
};

board?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = event.target.closest("a[data-more]");
  const tab = event.target.closest("a[data-tab]");
  if (!button && !tab) return;
  event.preventDefault();
  if (button) more(button);
  else show(tab.dataset.tab);
});
if (board) show(first());
