// The task, on its page or in a panel: kept fresh while others change it, without touching what a person types.
import "./rows.js";
import { isTyped } from "./typed.js";
import "./unanswered.js";
import "./verdict.js";

const DELAY = 150;
let timer;

const panel = () => document.getElementById("task");

// Forms that somebody is writing in stay as they are: the morph steps over them, and the server is asked to keep them.
const refresh = async () => {
  const task = panel();
  if (!task?.dataset.refresh) return;
  for (const one of task.querySelectorAll("[autofocus]")) one.removeAttribute("autofocus");
  const kept = [...task.querySelectorAll("form")].filter(isTyped);
  for (const form of kept) form.setAttribute("hx-morph-skip", "");
  const story = task.querySelector("#log-entries");
  if (story?.dataset.longer) story.setAttribute("hx-morph-skip", "");
  const address = task.dataset.refresh + (kept.some((form) => form.id !== "form-comment") ? "&keep=1" : "");
  try {
    await htmx.ajax("GET", address, { target: "#task", swap: "outerMorph" });
  } finally {
    for (const one of document.querySelectorAll("#task [hx-morph-skip]")) one.removeAttribute("hx-morph-skip");
  }
};

const about = (detail, id) => (detail?.tasks ?? []).some((one) => String(one).replace(/^T-/, "") === id);

document.addEventListener("agentboard:changed", (event) => {
  const id = panel()?.dataset.task;
  if (!id || !about(event.detail, id)) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, DELAY);
});

// Older entries that were asked for are not taken away again.
document.addEventListener("htmx:after:swap", () => {
  const story = panel()?.querySelector("#log-entries");
  if (story && story.querySelectorAll(".entry").length > 30) story.dataset.longer = "yes";
});

// Ctrl+Enter sends the form one writes in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("#task form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
