// What happens on the board, as the event `agentboard:events` of the document: `detail.events` is a list of {seq, kind,
// task, by, data}. An empty list says that something may have been missed. `[data-live]` says when the connection is lost.
const GATHER_MS = 150;
const SILENT_MS = 1000; // a break that is over sooner is not worth a word
const LONGEST_WAIT_MS = 30_000;
const REST_AFTER_MS = 60_000; // a tab that nobody sees gives its connection back: browsers have six for a server

let source = null;
let seq = null;
let gathered = [];
let gathering = 0;
let failures = 0;
let retry = 0;
let resting = 0;
let silent = 0;

const tell = () => {
  gathering = 0;
  document.dispatchEvent(new CustomEvent("agentboard:events", { detail: { events: gathered.splice(0) } }));
};

const soon = () => { gathering ||= setTimeout(tell, GATHER_MS); };

const say = (words) => {
  for (const sign of document.querySelectorAll("[data-live]")) sign.textContent = words;
};

const lost = () => {
  silent ||= setTimeout(() => say("Connection lost; trying again…"), SILENT_MS);
};

const close = () => {
  clearTimeout(retry);
  source?.close();
  source = null;
};

const open = () => {
  close();
  source = new EventSource(seq === null ? "/board/live" : `/board/live?since=${seq}`);
  source.onopen = () => {
    // Between the page and the stream, or while it was broken for long, something may have happened.
    soon();
    failures = 0;
    clearTimeout(silent);
    silent = 0;
    say("");
  };
  source.onmessage = (message) => {
    seq = Number(message.lastEventId);
    gathered.push(JSON.parse(message.data));
    soon();
  };
  source.onerror = () => {
    close();
    lost();
    // At times of their own, so that a server that comes back is not met by everybody at once. After some failures from
    // the newest event on: the log itself may be another one.
    if (failures > 2) seq = null;
    retry = setTimeout(open, Math.min(LONGEST_WAIT_MS, 700 * 2 ** failures++) * (0.5 + Math.random()));
  };
};

document.addEventListener("visibilitychange", () => {
  clearTimeout(resting);
  if (document.hidden) resting = setTimeout(close, REST_AFTER_MS);
  else if (!source) open();
});
window.addEventListener("online", open);
window.addEventListener("offline", lost);
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
open();
