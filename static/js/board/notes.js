// News for the person: a refusal in its own words, in the page's place for them, which is read out.
const place = () => document.getElementById("refusal");

/** Show what the server said when it refused; its answer to a form is HTML of ours. */
export const refused = async (answer) => {
  const text = await answer.text();
  const isPart = (answer.headers.get("Content-Type") ?? "").startsWith("text/html") && !text.includes("<html");
  if (isPart) place().innerHTML = text;
  else say(answer.status === 503 ? "The server does not answer; nothing was changed." : "That was refused; nothing was changed.");
};

/** Show a sentence of the page's own. */
export const say = (sentence) => {
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = sentence;
  place().replaceChildren(note);
};
