// The board follows what happens: the cards that an event touches are drawn again, and no others.
import { follow } from "../live.js";
import { board } from "./columns.js";
import * as changes from "./changes.js";

const FREES = new Set(["task.approved", "task.overridden", "task.cancelled", "task.reopened"]);
const WORDS = { live: "Live", lost: "Connection lost. What you see may be old; trying again…", out: "Signed out: reload to sign in" };
const NEWS_EVERY_MS = 60_000;

const sign = document.getElementById("live");

const show = (state) => {
  if (sign.dataset.state === state || (sign.dataset.state === "out" && state === "lost")) return;
  sign.dataset.state = state;
  sign.textContent = WORDS[state];
};

if (board) {
  const restart = follow({
    since: Number(board.dataset.seq),
    take: (event) => changes.touch(event.task, FREES.has(event.kind)),
    show,
    anew: changes.redraw,
  });
  document.addEventListener("board:missed", restart);
  document.addEventListener("board:signed-out", () => show("out"));
  setInterval(() => {
    if (!document.hidden && sign.dataset.state === "live") changes.refreshNews();
  }, NEWS_EVERY_MS * (0.9 + Math.random() / 5));
}
