// A channel, live: what is written elsewhere appears at the bottom, and what the reader looks at stays where it is.
// Which messages have been seen is kept in this browser; a channel with later ones has a dot.
const room = document.querySelector("[data-channel]");
const scroller = room?.querySelector(".talk-scroll");
const lines = room?.querySelector(".lines");
const unseen = room?.querySelector(".talk-unseen");
const form = room?.querySelector("form.composer");

const seen = {
  key: (name) => `agentboard.seen.${name}`,
  get(name) {
    try { return Number(localStorage.getItem(this.key(name)) ?? NaN); } catch { return NaN; }
  },
  set(name, number) {
    try { localStorage.setItem(this.key(name), String(number)); } catch { /* Nothing is new then. */ }
  },
};

const showDots = () => {
  for (const link of document.querySelectorAll("a[data-name]")) {
    const last = Number(link.dataset.last);
    // A channel that was never looked at begins as seen: its past is no news.
    if (Number.isNaN(seen.get(link.dataset.name))) seen.set(link.dataset.name, last);
    link.querySelector(".channels-dot").hidden = seen.get(link.dataset.name) >= last;
  }
};

const isAtBottom = () => scroller.scrollTop > -24;
const last = () => Number(room.dataset.last);

const sawAll = () => {
  if (!room || !("newest" in room.dataset) || document.hidden || !isAtBottom()) return;
  unseen.hidden = true;
  seen.set(room.dataset.channel, last());
  showDots();
};

const toBottom = () => { scroller.scrollTop = 0; };

const append = (items) => {
  const follows = isAtBottom() && !document.hidden;
  const height = scroller.scrollHeight;
  if (!follows && !lines.querySelector(".new-mark")) {
    lines.insertAdjacentHTML("beforeend", '<li class="new-mark">new</li>');
  }
  for (const item of items) {
    if (item.id && document.getElementById(item.id)) continue;
    lines.append(item);
    if (item.dataset.number) room.dataset.last = item.dataset.number;
  }
  room.querySelector("[data-empty]")?.remove();
  if (follows) toBottom();
  else {
    unseen.hidden = false;
    // Places are counted from the bottom, which has moved; some browsers have corrected that already.
    const moved = scroller.scrollHeight - height;
    if (Math.abs(scroller.scrollTop - place) < 1) scroller.scrollTop -= moved;
  }
};

let place = 0;
let busy = false;
let again = false;

const load = async () => {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const name = room?.dataset.channel;
    const address = name ? `/board/channels/${name}?since=${last()}` : location.href;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const link of page.querySelectorAll("a[data-name]")) {
      const ours = document.querySelector(`a[data-name="${CSS.escape(link.dataset.name)}"]`);
      if (ours) ours.dataset.last = link.dataset.last;
    }
    const items = [...page.querySelectorAll("ol > li")];
    if (room && "newest" in room.dataset && items.length) {
      place = scroller.scrollTop;
      append(items);
      if (items.filter((item) => item.dataset.number).length >= 49) again = true;
    }
    showDots();
    sawAll();
  } finally {
    busy = false;
    if (again) { again = false; load(); }
  }
};

const send = async () => {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", headers: { "HX-Request": "true" }, body });
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    else if (answer.ok) {
      form.reset();
      form.querySelector(".composer-answers")?.remove();
      if (!("newest" in room.dataset)) location.assign(`/board/channels/${room.dataset.channel}`);
      toBottom();
      await load();
    } else document.getElementById("refusal").innerHTML = await answer.text();
  } catch {
    document.getElementById("refusal").innerHTML = '<p class="note note-refusal">The server was not reached; the message is still in the field.</p>';
  } finally {
    button.disabled = false;
    form.querySelector("textarea").focus();
  }
};

showDots();
document.addEventListener("agentboard:events", (event) => {
  const { events } = event.detail;
  if (!events.length || events.some((one) => one.kind === "message.posted" || one.kind === "channel.created")) load();
});
if (room) {
  sawAll();
  scroller.addEventListener("scroll", sawAll, { passive: true });
  document.addEventListener("visibilitychange", sawAll);
  unseen.querySelector("button").addEventListener("click", toBottom);
}
if (form) {
  form.querySelector("[data-keys]").hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  form.querySelector("textarea").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
