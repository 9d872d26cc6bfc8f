// Live: the board's own stream of events, kept open past breaks. A small EventSource of our own and not htmx's hx-sse,
// which puts what comes into the page: here an event only names a task, many come at once, and who draws it decides.
const FIRST_WAIT_MS = 700;
const LONGEST_WAIT_MS = 30_000;
const SILENT_MS = 800; // a break that is over sooner is not worth a word
const REST_AFTER_MS = 60_000; // a tab that nobody sees gives its connection back: browsers have six for a server
const ANEW_AFTER_MS = 300_000;

/**
 * Follow the board from the event `since` on (null: from now on).
 *
 * `take(event)` is called for each event; `show(state)` with "live" or "lost". After a long break `anew()` is called
 * instead of every event since: it draws what is shown again, and gives the event up to which that is (null: from now
 * on); it throws where that fails. Gives back `restart`, which does the same at once.
 */
export const follow = ({ since = null, take, show = () => {}, anew }) => {
  let seq = since;
  let source = null;
  let failures = 0;
  let retry = 0;
  let resting = 0;
  let hiddenAt = 0;
  let losing = 0;

  const lost = () => {
    losing ||= setTimeout(() => show("lost"), SILENT_MS);
  };

  const rest = () => {
    source?.close();
    source = null;
    clearTimeout(retry);
  };

  const open = () => {
    rest();
    source = new EventSource(seq === null ? "/board/live" : `/board/live?since=${seq}`);
    source.onopen = () => {
      failures = 0;
      clearTimeout(losing);
      losing = 0;
      show("live");
    };
    source.onmessage = (message) => {
      seq = Number(message.lastEventId);
      take(JSON.parse(message.data));
    };
    source.onerror = () => {
      rest();
      lost();
      again();
    };
  };

  // At times of their own, so that a server that comes back is not met by everybody at once.
  const again = () => {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
    clearTimeout(retry);
    retry = setTimeout(failures > 2 || seq === null ? restart : open, wait * (0.5 + Math.random()));
  };

  const restart = async () => {
    rest();
    try {
      seq = await anew();
      open();
    } catch {
      lost();
      again();
    }
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) {
      hiddenAt = Date.now();
      resting = setTimeout(rest, REST_AFTER_MS);
    } else if (hiddenAt && Date.now() - hiddenAt > ANEW_AFTER_MS) restart();
    else if (!source) open();
  });
  window.addEventListener("online", () => { failures = 0; open(); });
  window.addEventListener("offline", lost);
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => { if (event.persisted) restart(); });
  open();
  return restart;
};
