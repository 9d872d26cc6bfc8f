// What became of tasks: asks the server for the touched cards and nothing else, and puts them in their places.
import * as times from "../times.js";
import { board, count, drop, place } from "./columns.js";

// Whoever missed more than this is better off with the board anew.
const MOST = 100;
const NEWS_MS = 2000;
const GATHER_MS = [100, 200];

const touched = new Set();
const freed = new Set();
let timer = 0;
let busy = false;
let held = false;
let newsWanted = false;
let newsAt = Date.now();

/** A task was touched by an event. `frees`: others may have waited for it. */
export const touch = (id, frees) => {
  if (id) touched.add(id);
  if (id && frees) freed.add(id);
  newsWanted = true;
  soon(GATHER_MS[0] + Math.random() * (GATHER_MS[1] - GATHER_MS[0]));
};

/** Look at the strip and the rail again, which change by the clock too. */
export const refreshNews = () => {
  newsWanted = true;
  newsAt = 0;
  soon(0);
};

/** Leave the cards where they are while a card is dragged. */
export const hold = (on) => {
  held = on;
  if (!on) soon(0);
};

/** Draw the whole board anew, in place; gives the event up to which it is now. Throws where that fails. */
export const redraw = async () => {
  const answer = await fetch(`/board/?${asked()}`, { cache: "no-store" });
  if (answer.redirected) document.dispatchEvent(new CustomEvent("board:signed-out"));
  if (!answer.ok || answer.redirected) throw new Error(`board: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("board");
  const tab = board.dataset.tab;
  const focused = document.activeElement?.closest(".card")?.id;
  for (const part of [".columns", ".tabs"]) board.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
  swapNews(page);
  touched.clear();
  freed.clear();
  document.dispatchEvent(new CustomEvent("board:drawn", { detail: { tab } }));
  if (focused) document.getElementById(focused)?.querySelector(".card-title").focus({ preventScroll: true });
  return Number(fresh.dataset.seq);
};

/** What the page shows of the board, as its address has it. */
const asked = () => {
  const query = new URLSearchParams(board.dataset.query);
  for (const part of ["waiting", "older"]) if (part in board.dataset) query.append("show", part);
  return query;
};

/** Whether so much was missed that only `redraw` helps. */
export const isTooMuch = () => touched.size > MOST;

const soon = (ms) => {
  if (!timer && !held) timer = setTimeout(ask, ms);
};

const ask = async () => {
  timer = 0;
  if (busy || held) return;
  if (isTooMuch()) { document.dispatchEvent(new CustomEvent("board:missed")); return; }
  const ids = [...touched];
  const others = [...freed];
  const news = newsWanted && Date.now() - newsAt >= NEWS_MS;
  if (!ids.length && !news) return newsWanted ? soon(NEWS_MS - (Date.now() - newsAt)) : undefined;
  touched.clear();
  freed.clear();
  busy = true;
  const query = asked();
  query.set("ids", ids.join(","));
  if (others.length) query.set("freed", others.join(","));
  if (news) query.set("news", "1");
  try {
    const answer = await fetch(`/board/changes?${query}`, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(`changes: ${answer.status}`);
    apply(await answer.text(), ids);
    if (news) { newsWanted = false; newsAt = Date.now(); }
  } catch {
    // The stream is lost too, or will be; these are asked for again with what comes after it is back.
    for (const id of ids) touched.add(id);
    for (const id of others) freed.add(id);
  } finally {
    busy = false;
    if (touched.size || newsWanted) soon(1000);
  }
};

const apply = (html, ids) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const scrolled = [...board.querySelectorAll("[data-cards]")].map((list) => [list, list.scrollTop]);
  for (const section of holder.content.querySelectorAll("[data-changed]")) {
    place(section.querySelector(".card"), section.dataset.changed);
  }
  for (const id of holder.content.querySelector("[data-left]").dataset.left.split(",")) drop(id);
  for (const [list, top] of scrolled) list.scrollTop = top;
  for (const shown of holder.content.querySelectorAll("[data-counted]")) count(shown.dataset.counted, shown.textContent);
  document.getElementById("waits")?.replaceChildren(...holder.content.querySelector("[data-waits]").childNodes);
  if (board.querySelector(".card")) board.querySelector(".nothing")?.remove();
  swapNews(holder.content);
  times.refresh();
  document.dispatchEvent(new CustomEvent("board:changed"));
  document.dispatchEvent(new CustomEvent("agentboard:changed", { detail: { tasks: ids } }));
};

const swapNews = (from) => {
  for (const id of ["strip", "rail"]) {
    const old = document.getElementById(id);
    const fresh = from.querySelector(`#${id}`);
    if (!old || !fresh || old.contains(document.activeElement)) continue;
    const top = old.scrollTop;
    old.replaceWith(document.adoptNode(fresh));
    document.getElementById(id).scrollTop = top;
  }
};
