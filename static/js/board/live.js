// Live: the board's own stream tells which tasks were touched. A small EventSource of our own and not htmx's hx-sse,
// which puts what comes into the page: here an event only names a task, many come at once, and each card is fetched once.
import { board } from "./columns.js";
import * as changes from "./changes.js";

const FREES = new Set(["task.approved", "task.overridden", "task.cancelled", "task.reopened"]);
const SILENT_MS = 800; // a break that is over sooner is not worth a word
const LONGEST_WAIT_MS = 30_000;
const REST_AFTER_MS = 60_000; // a tab that nobody sees gives its connection back: browsers have six for a server
const ANEW_AFTER_MS = 300_000;
const NEWS_EVERY_MS = 60_000;

const sign = document.getElementById("live");
let seq = Number(board?.dataset.seq ?? 0);
let source = null;
let failures = 0;
let retry = 0;
let resting = 0;
let hiddenAt = 0;
let lostTimer = 0;

const show = (state, words) => {
  if (sign.dataset.state === state) return;
  sign.dataset.state = state;
  sign.textContent = words;
};

const lost = () => {
  lostTimer ||= setTimeout(() => show("lost", "Connection lost. What you see may be old; trying again…"), SILENT_MS);
};

const open = () => {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`/board/live?since=${seq}`);
  source.onopen = () => {
    failures = 0;
    clearTimeout(lostTimer);
    lostTimer = 0;
    show("live", "Live");
  };
  source.onmessage = (message) => {
    seq = Number(message.lastEventId);
    const event = JSON.parse(message.data);
    changes.touch(event.task, FREES.has(event.kind));
  };
  source.onerror = () => {
    source.close();
    lost();
    again();
  };
};

// At times of their own, so that a server that comes back is not met by everybody at once.
const again = () => {
  const wait = Math.min(LONGEST_WAIT_MS, 700 * 2 ** failures++);
  clearTimeout(retry);
  retry = setTimeout(failures > 2 ? anew : open, wait * (0.5 + Math.random()));
};

/** Catch up with the whole board, then listen on from there. */
const anew = async () => {
  try {
    const reached = await changes.redraw();
    if (reached === null) throw new Error("no board");
    seq = reached;
    open();
  } catch {
    lost();
    again();
  }
};

const rest = () => {
  source?.close();
  source = null;
  clearTimeout(retry);
};

const visibility = () => {
  clearTimeout(resting);
  if (document.hidden) {
    hiddenAt = Date.now();
    resting = setTimeout(rest, REST_AFTER_MS);
  } else if (Date.now() - hiddenAt > ANEW_AFTER_MS && hiddenAt) {
    rest();
    anew();
  } else if (!source) {
    open();
  }
};

if (board) {
  open();
  document.addEventListener("visibilitychange", visibility);
  document.addEventListener("board:missed", () => { rest(); anew(); });
  window.addEventListener("online", () => { failures = 0; open(); });
  window.addEventListener("offline", lost);
  window.addEventListener("pageshow", (event) => { if (event.persisted) anew(); });
  window.addEventListener("pagehide", rest);
  setInterval(() => { if (!document.hidden && source) changes.refreshNews(); }, NEWS_EVERY_MS * (0.9 + Math.random() / 5));
}
