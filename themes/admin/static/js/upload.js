// Sends the files of a form one after the other, each with a bar of its own; one that fails costs only itself. Without this
// file the form sends them all at once, and the page that answers says the same.
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.FormData) return;
  const words = form.dataset;
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const list = form.querySelector(".uploads");
  const summary = form.querySelector(".uploads-summary");

  const row = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    name.textContent = file.name;
    state.className = "upload-state";
    state.textContent = words.waiting;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, bar, state);
    list.append(item);
    return { item, bar, state };
  };

  // What a page of ours says when it is not the answer we asked for: a session that is over, a full disk.
  const told = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.querySelector("main .lead")?.textContent ?? page.querySelector("main h1")?.textContent ?? words.failed;
  };
  const errors = (request) => {
    try { return Object.values(JSON.parse(request.responseText).errors).join(" "); } catch { return told(request.responseText); }
  };

  const send = (file, several, { item, bar, state }) => new Promise((done) => {
    const data = new FormData(form);
    data.delete(input.name);
    if (several) data.set("title", "");
    data.append(input.name, file);
    const request = new XMLHttpRequest();
    const end = (ok, text) => {
      item.className = ok ? "ok" : "failed";
      state.textContent = text;
      if (ok) bar.value = 1; else bar.remove();
      done(ok);
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      state.textContent = event.loaded < event.total ? `${words.sending} ${Math.floor(100 * bar.value)} %` : words.saving;
    });
    request.addEventListener("load", () => (request.status === 201 ? end(true, words.done) : end(false, errors(request))));
    request.addEventListener("error", () => end(false, words.failed));
    request.send(data);
  });

  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (!files.length) return;
    event.preventDefault();
    button.disabled = true;
    list.hidden = false;
    list.replaceChildren();
    summary.textContent = words.sending;
    const rows = files.map(row);
    let saved = 0;
    for (const [i, file] of files.entries()) if (await send(file, files.length > 1, rows[i])) saved += 1;
    button.disabled = false;
    input.value = "";
    if (saved === files.length) {
      window.location.assign(form.action);
      return;
    }
    const link = document.createElement("a");
    link.href = form.action;
    link.textContent = words.list;
    summary.textContent = `${saved} ${words.summaryDone}, ${files.length - saved} ${words.summaryFailed}. `;
    if (saved) summary.append(link);
  });
})();
