// A page whose sign-in ended while somebody wrote in it: signed in again in another tab, its forms can be sent as they
// stand. They need the new sign-in's token, which a fresh copy of the page has.
import { say } from "./board/notes.js";

const ATTRIBUTE = "hx-headers:inherited";

addEventListener("focus", async () => {
  if (!document.querySelector("#refusal [data-signed-out]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector(".top-viewer")) return;
  const headers = page.body.getAttribute(ATTRIBUTE);
  document.body.setAttribute(ATTRIBUTE, headers);
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = JSON.parse(headers)["X-CSRFToken"];
  say("You are signed in again. What you typed can be sent.");
});
