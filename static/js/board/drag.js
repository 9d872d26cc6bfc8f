// Drag and drop between columns, and the buttons and the key that do the same: each is one call of the board's.
import { board } from "./columns.js";
import * as changes from "./changes.js";
import * as notes from "./notes.js";
import * as panel from "./panel.js";

// From where to where, by which verb. Those that ask for words open the task at their form.
const MOVES = {
  ready: { doing: "claim" },
  doing: { ready: "release" },
  blocked: { ready: "unblock" },
  validating: { done: "review", ready: "review" },
  done: { ready: "reopen" },
};
const AT_ONCE = new Set(["claim"]);
const TITLES = { waiting: "Waiting", ready: "Ready", doing: "Doing", blocked: "Blocked", validating: "Validating", done: "Done" };
const WHY = {
  doing: "a task comes to Doing when an agent claims it, from Ready",
  blocked: "its holder blocks it, with what it needs",
  validating: "its holder hands it in, with evidence for every criterion",
  done: "a reviewer approves what was handed in",
  ready: "what waits comes free by itself",
  waiting: "a task waits while others it depends on are open",
};

const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];

const send = async (id, verb) => {
  try {
    const answer = await fetch(`/board/${id}/${verb}`, {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": token() },
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (answer.status === 401 && elsewhere) location.assign(elsewhere);
    else if (!answer.ok) await notes.refused(answer);
    return answer.ok;
  } catch {
    notes.say("The server does not answer; nothing was changed.");
    return false;
  }
};

/** Make a move: at once, or by opening the form that asks for its words. Says whether the card may stay where it is. */
const make = async (id, verb) => {
  if (!AT_ONCE.has(verb)) {
    panel.open(`/board/${id}?do=${verb}`);
    return false;
  }
  const done = await send(id, verb);
  changes.touch(id, false);
  return done;
};

const dropped = async ({ item, from, to, oldIndex }) => {
  const [origin, target] = [from, to].map((list) => list.closest(".column").dataset.column);
  const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  let stays = origin === target;
  if (origin === target) back();
  else if (!MOVES[origin]?.[target]) {
    notes.say(`${item.id} cannot go from ${TITLES[origin]} to ${TITLES[target]}: ${WHY[target]}.`, { refusal: true });
  } else stays = await make(item.id, MOVES[origin][target]);
  if (!stays) {
    back();
    item.classList.add("card-refused");
    setTimeout(() => item.classList.remove("card-refused"), 2500);
  }
};

const attach = () => {
  for (const list of board.querySelectorAll("[data-cards]")) {
    if (window.Sortable.get(list)) continue;
    window.Sortable.create(list, {
      group: "board",
      sort: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      ghostClass: "card-ghost",
      filter: ".card-do",
      preventOnFilter: false,
      onStart: ({ from }) => {
        changes.hold(true);
        const moves = MOVES[from.closest(".column").dataset.column] ?? {};
        board.querySelector(".columns").dataset.dragging = "";
        for (const section of board.querySelectorAll(".column")) {
          section.toggleAttribute("data-takes", section.dataset.column in moves);
        }
      },
      onEnd: async (event) => {
        delete board.querySelector(".columns").dataset.dragging;
        await dropped(event);
        changes.hold(false);
      },
    });
  }
};

if (board && "acts" in board.dataset) {
  attach();
  document.addEventListener("board:drawn", attach);
  // Before the panel's own listener, which is on the document: a claim needs no form.
  board.addEventListener("click", (event) => {
    const button = event.target.closest(".card-do");
    if (!button || !AT_ONCE.has(button.dataset.do) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    make(button.closest(".card").id, button.dataset.do);
  });
}
