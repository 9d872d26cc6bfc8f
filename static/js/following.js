// Tells the page what happens on the board, gathered a moment: `agentboard:events` with the events themselves,
// `agentboard:changed` with the tasks they touched, and `agentboard:reconnected` where some may have been missed.
import { follow } from "./live.js";

const GATHER_MS = 100;
let gathered = [];

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`agentboard:${name}`, { detail }));

const tellAll = () => {
  const events = gathered;
  gathered = [];
  const tasks = [...new Set(events.map((event) => event.task).filter(Boolean))];
  tell("events", { events });
  if (tasks.length) tell("changed", { tasks });
};

// The board follows by itself, and tells the task beside it.
if (!document.getElementById("board")) {
  follow({
    take: (event) => {
      if (!gathered.length) setTimeout(tellAll, GATHER_MS);
      gathered.push(event);
    },
    anew: async () => {
      tell("reconnected", {});
      tell("changed", { tasks: [...document.querySelectorAll("[data-task]")].map((one) => one.dataset.task) });
      return null;
    },
  });
}
