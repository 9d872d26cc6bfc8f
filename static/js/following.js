// Tells the page what happens on the board, gathered a moment: `agentboard:events` with the events themselves (none: some
// may have been missed) and `agentboard:changed` with the tasks that are to be read again. `[data-live]` says when the
// connection is lost.
import { follow } from "./live.js";

const GATHER_MS = 150;
const LOST = "Connection lost; trying again…";
let gathered = [];
let gathering = 0;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`agentboard:${name}`, { detail }));

const shown = () => [...document.querySelectorAll("[data-task]")].map((one) => one.dataset.task);

const tellAll = () => {
  const events = gathered.splice(0);
  gathering = 0;
  tell("events", { events });
  const tasks = events.length ? [...new Set(events.map((event) => event.task).filter(Boolean))] : shown();
  if (tasks.length) tell("changed", { tasks });
};

const soon = () => { gathering ||= setTimeout(tellAll, GATHER_MS); };

// The board follows by itself, and tells the task beside it.
if (!document.getElementById("board")) {
  follow({
    take: (event) => {
      gathered.push(event);
      soon();
    },
    show: (state) => {
      for (const sign of document.querySelectorAll("[data-live]")) sign.textContent = state === "lost" ? LOST : "";
      // Between the page and its stream something may have happened.
      if (state === "live") soon();
    },
    anew: async () => null,
  });
}
