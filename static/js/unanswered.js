// Requests of htmx that nobody answered as a page would: what is on the page stays, typed words included, and a note
// says so. Refusals are answers: they are pages of ours, and are shown.
import { say } from "./board/notes.js";

const isBackground = (ctx) => ctx.sourceElement === document.body;
const tell = (ctx) => {
  if (!isBackground(ctx)) say("The server does not answer. What you wrote is still here; send it again.", { refusal: true });
};
const isPart = (ctx) => {
  const { raw } = ctx.response;
  return raw.status < 500 && (raw.headers.get("Content-Type") ?? "").startsWith("text/html") && !/<html/i.test(ctx.text ?? "");
};

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (isPart(ctx) || ctx.response.raw.headers.get("HX-Redirect")) return;
  ctx.swap = "none";
  tell(ctx);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (ctx) tell(ctx); });
