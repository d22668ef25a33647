/** Offers the document of the server and of each model, and shows the one that is chosen; the address remembers it. */

const BASE = new URL(".", location.href.split(/[?#]/)[0]).href;
const SERVER = "server";
const choice = document.getElementById("document");
const raw = document.getElementById("raw");

function show() {
  raw.href = choice.value;
  SwaggerUIBundle({ url: choice.value, dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
}

function offer(name, url) {
  choice.append(new Option(name, new URL(url, BASE).href));
}

/** The served models; none where the server cannot say: its own document still can be shown. */
async function served() {
  try {
    const response = await fetch(`${BASE}models`);
    return response.ok ? (await response.json()).models : [];
  } catch {
    return [];
  }
}

offer(SERVER, "openapi.json");
served().then((models) => {
  for (const { name, openapi } of models) offer(name, `.${openapi}`);
  const asked = new URLSearchParams(location.search).get("model");
  const found = [...choice.options].find(({ text }) => text === asked);
  if (found) found.selected = true;
  show();
});
choice.addEventListener("change", () => {
  const name = choice.selectedOptions[0].text;
  history.replaceState(null, "", name === SERVER ? location.pathname : `?model=${encodeURIComponent(name)}`);
  show();
});
