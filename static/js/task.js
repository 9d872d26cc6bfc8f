// The task, on its page or in a panel: kept fresh while others change it, without touching what a person types.
import "./rows.js";
import { isTyped } from "./typed.js";
import "./unanswered.js";
import "./verdict.js";

const DELAY = 150;
let timer;

const panel = () => document.getElementById("task");

const refresh = () => {
  const task = panel();
  if (!task?.dataset.refresh) return;
  for (const one of task.querySelectorAll("[autofocus]")) one.removeAttribute("autofocus");
  const written = [...task.querySelectorAll("form:not(#form-comment)")].some(isTyped);
  htmx.ajax("GET", task.dataset.refresh + (written ? "&keep=1" : ""), { target: "#task", swap: "outerMorph" });
};

// Forms that somebody is writing in stay as they are, and so do older entries that were asked for: the morph steps over
// them. Decided when the answer is here, because the person does not wait for it.
const isRefresh = (event) => event.detail.ctx.sourceElement === document.body && event.detail.ctx.swap === "outerMorph";

document.addEventListener("htmx:before:swap", (event) => {
  const task = panel();
  if (!task || !isRefresh(event)) return;
  const kept = [...task.querySelectorAll("form")].filter(isTyped);
  // Who is signed out by now gets a task without forms; the one that somebody writes in is not taken away for it.
  if (kept.length && !event.detail.ctx.text.includes('id="form-comment"')) return event.preventDefault();
  for (const one of [...kept, ...task.querySelectorAll("[data-longer]")]) one.setAttribute("hx-morph-skip", "");
});

document.addEventListener("htmx:after:swap", () => {
  for (const one of document.querySelectorAll("#task [hx-morph-skip]")) one.removeAttribute("hx-morph-skip");
});

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
