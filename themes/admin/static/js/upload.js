// Sends files one after the other, each with a bar of its own; one that fails costs only itself. It serves the library of files
// and the picker inside other forms, where what was brought is ticked at once. Without this file the library's form sends all
// at once, and the page that answers says the same.
(() => {
  if (!window.FormData) return;

  const row = (list, file, words) => {
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
  const told = (text, words) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.querySelector("main .lead")?.textContent ?? page.querySelector("main h1")?.textContent ?? words.failed;
  };
  const errors = (request, words) => {
    try { return Object.values(JSON.parse(request.responseText).errors).join(" "); } catch { return told(request.responseText, words); }
  };

  // Sends one file; gives the answer, or nothing when it was refused.
  const send = (url, data, { item, bar, state }, words) => new Promise((done) => {
    const request = new XMLHttpRequest();
    const end = (answer, text) => {
      item.className = answer ? "ok" : "failed";
      state.textContent = text;
      if (answer) bar.value = 1; else bar.remove();
      done(answer);
    };
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      state.textContent = event.loaded < event.total ? `${words.sending} ${Math.floor(100 * bar.value)} %` : words.saving;
    });
    request.addEventListener("load", () => (request.status === 201 ? end(JSON.parse(request.responseText), words.done) : end(null, errors(request, words))));
    request.addEventListener("error", () => end(null, words.failed));
    request.send(data);
  });

  // Sends all files of an input; `data` makes the form of one. Gives the answers that came.
  const sendAll = async (input, list, url, words, data) => {
    const files = [...input.files];
    list.hidden = false;
    list.replaceChildren();
    const rows = files.map((file) => row(list, file, words));
    const answers = [];
    for (const [i, file] of files.entries()) {
      const answer = await send(url, data(file, files.length), rows[i], words);
      if (answer) answers.push(answer);
    }
    input.value = "";
    return { answers, failed: files.length - answers.length };
  };

  const library = (form) => {
    const words = form.dataset;
    const input = form.querySelector("input[type=file]");
    const button = form.querySelector("button[type=submit]");
    const summary = form.querySelector(".uploads-summary");
    form.addEventListener("submit", async (event) => {
      if (!input.files.length) return;
      event.preventDefault();
      button.disabled = true;
      summary.textContent = words.sending;
      const { answers, failed } = await sendAll(input, form.querySelector(".uploads"), form.action, words, (file, count) => {
        const data = new FormData(form);
        data.delete(input.name);
        if (count > 1) data.set("title", "");
        data.append(input.name, file);
        return data;
      });
      button.disabled = false;
      if (!failed) {
        window.location.assign(form.action);
        return;
      }
      const link = document.createElement("a");
      link.href = form.action;
      link.textContent = words.list;
      summary.textContent = `${answers.length} ${words.summaryDone}, ${failed} ${words.summaryFailed}. `;
      if (answers.length) summary.append(link);
    });
  };

  const choice = (file, words, isTwin) => {
    const item = document.createElement("li");
    const box = document.createElement("div");
    const tick = document.createElement("input");
    const label = document.createElement("label");
    const meta = document.createElement("p");
    tick.type = "checkbox";
    tick.id = tick.name = label.htmlFor = file.field;
    tick.value = "on";
    tick.checked = true;
    label.textContent = file.title;
    if (isTwin) {
      const when = document.createElement("span");
      when.className = "quiet";
      when.textContent = ` (${words.brought} ${file.minute})`;
      label.append(when);
    }
    box.className = "check";
    box.append(tick, label);
    const open = document.createElement("a");
    open.href = file.url;
    open.target = "_blank";
    open.rel = "noopener";
    open.textContent = words.open;
    meta.className = "meta";
    for (const part of [file.kind, file.size, file.at, open]) {
      const span = document.createElement("span");
      span.append(part);
      meta.append(span);
    }
    item.append(box, meta);
    return item;
  };

  const picker = (place) => {
    const words = place.dataset;
    const fieldset = place.closest("fieldset");
    const form = place.closest("form");
    const input = place.querySelector("input[type=file]");
    const choices = fieldset.querySelector(".file-choices");
    place.hidden = false;
    fieldset.querySelector(".elsewhere").hidden = true;
    input.addEventListener("change", async (event) => {
      event.stopPropagation();
      if (!input.files.length) return;
      input.disabled = true;
      const { answers } = await sendAll(input, place.querySelector(".uploads"), "/quan-tri/tep", words, (file) => {
        const data = new FormData();
        data.set("_csrf", form.elements._csrf.value);
        data.set("source", words.source);
        // Files chosen here are official documents: not a byte of them changes.
        data.set("as_it_is", "on");
        data.append("files", file);
        return data;
      });
      input.disabled = false;
      const isThere = (title) => [...choices.querySelectorAll("label")].some((label) => label.firstChild.textContent.trim() === title);
      for (const file of answers.flatMap((answer) => answer.files)) choices.prepend(choice(file, words, isThere(file.title)));
      choices.hidden = !choices.children.length;
      const none = fieldset.querySelector(".none");
      if (none && !choices.hidden) none.remove();
      // Leaving now would lose the choice: the form has changed.
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  document.querySelectorAll("form[data-upload]").forEach(library);
  document.querySelectorAll("[data-attach]").forEach(picker);
})();
