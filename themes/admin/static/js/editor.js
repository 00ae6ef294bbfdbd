// The editor: a small Markdown toolbar, a live preview, character counters, a warning before unsaved text is left, and a copy
// of what was typed in the browser. Without this file the form is an ordinary form that saves everything.
(() => {
  const form = document.getElementById("editor");
  const body = document.getElementById("body");
  if (!form || !body || form.querySelector("fieldset:disabled")) return;
  const words = form.dataset;

  // Toolbar. Every change goes through one function, so that undo keeps working where the browser allows it.
  const replace = (start, end, text, from, to) => {
    body.focus();
    body.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) body.setRangeText(text, start, end, "end");
    body.setSelectionRange(start + from, start + to);
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const around = (before, after, sample) => {
    const { selectionStart: s, selectionEnd: e, value } = body;
    const text = value.slice(s, e) || sample;
    replace(s, e, before + text + after, before.length, before.length + text.length);
  };
  const lines = (prefix, sample) => {
    const { selectionStart: s, selectionEnd: e, value } = body;
    const start = value.lastIndexOf("\n", s - 1) + 1;
    const text = (value.slice(start, e) || sample).split("\n").map((l) => prefix + l).join("\n");
    const gap = start > 1 && value.slice(start - 2, start) !== "\n\n" ? "\n" : "";
    replace(start, e, gap + text, gap.length + prefix.length, gap.length + text.length);
  };
  const block = (text) => {
    const { selectionEnd: e, value } = body;
    const before = value.slice(0, e);
    const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const all = `${gap}${text}\n\n`;
    replace(e, e, all, all.length, all.length);
  };
  const pictures = document.getElementById("chen-anh");
  const marks = {
    bold: () => around("**", "**", body.dataset.bold),
    italic: () => around("*", "*", body.dataset.italic),
    heading: () => lines("## ", body.dataset.heading),
    list: () => lines("- ", body.dataset.list),
    link: () => {
      const { selectionStart: s, selectionEnd: e, value } = body;
      const text = value.slice(s, e) || body.dataset.link;
      replace(s, e, `[${text}](https://)`, text.length + 3, text.length + 11);
    },
    table: () => {
      const c = body.dataset.column;
      block(`| ${c} 1 | ${c} 2 |\n|---|---|\n|  |  |\n|  |  |`);
    },
    picture: () => {
      pictures.open = true;
      pictures.scrollIntoView({ block: "nearest" });
      (pictures.querySelector("button, a") ?? pictures.querySelector("summary")).focus();
    },
  };
  const toolbar = form.querySelector(".toolbar");
  const tools = [...toolbar.querySelectorAll("button")];
  toolbar.hidden = false;
  tools.forEach((tool, i) => {
    tool.tabIndex = i === 0 ? 0 : -1;
    tool.addEventListener("click", marks[tool.dataset.mark]);
  });
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tools.indexOf(document.activeElement);
    const next = tools[(at + step + tools.length) % tools.length];
    tools.forEach((tool) => { tool.tabIndex = tool === next ? 0 : -1; });
    next.focus();
  });
  body.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && !event.altKey && { b: "bold", i: "italic" }[event.key.toLowerCase()];
    if (!mark) return;
    event.preventDefault();
    marks[mark]();
  });
  for (const picture of pictures.querySelectorAll("[data-markdown]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button plain";
    button.textContent = words.insert;
    button.setAttribute("aria-label", `${words.insert}: ${picture.querySelector("span").textContent}`);
    button.addEventListener("click", () => block(picture.dataset.markdown));
    picture.querySelector("code").replaceWith(button);
  }

  // A new picture, brought without leaving the text. Its fields have no names: they are not the entry's.
  const field = (type, text) => {
    const box = document.createElement("div");
    const label = document.createElement("label");
    const input = document.createElement("input");
    box.className = "field";
    input.id = `new-picture-${type}-${pictures.querySelectorAll("input").length}`;
    input.type = type;
    label.htmlFor = input.id;
    label.textContent = text;
    box.append(label, input);
    adding.append(box);
    return input;
  };
  const adding = document.createElement("fieldset");
  const legend = document.createElement("legend");
  adding.className = "add-picture";
  legend.textContent = pictures.dataset.add;
  adding.append(legend);
  pictures.append(adding);
  const file = field("file", pictures.dataset.file);
  const alt = field("text", pictures.dataset.alt);
  const source = field("text", pictures.dataset.source);
  const add = document.createElement("button");
  const said = document.createElement("p");
  file.accept = "image/*";
  add.type = "button";
  add.className = "button plain";
  add.textContent = pictures.dataset.go;
  said.setAttribute("role", "status");
  adding.append(add, said);
  adding.addEventListener("input", (event) => event.stopPropagation());
  for (const text of [alt, source]) {
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add.click();
    });
  }
  add.addEventListener("click", async () => {
    const data = new FormData();
    data.set("_csrf", form.elements._csrf.value);
    data.set("alt", alt.value);
    data.set("source", source.value);
    if (file.files[0]) data.set("files", file.files[0]);
    add.disabled = true;
    said.className = "";
    said.textContent = pictures.dataset.sending;
    try {
      const answer = await fetch("/quan-tri/anh", { method: "POST", headers: { Accept: "application/json" }, body: data });
      const told = await answer.json();
      if (answer.status === 201) {
        told.markdown.forEach(block);
        file.value = alt.value = "";
        said.textContent = pictures.dataset.done;
      } else {
        said.className = "field-error";
        said.textContent = Object.values(told.errors).join(" ");
      }
    } catch {
      said.className = "field-error";
      said.textContent = pictures.dataset.failed;
    }
    add.disabled = false;
  });

  // Preview, half a second after the last key.
  const section = form.querySelector(".preview");
  const pane = document.getElementById("preview");
  let wait;
  let asked = 0;
  const draw = async () => {
    const turn = ++asked;
    if (!body.value.trim()) {
      pane.textContent = words.previewEmpty;
      return;
    }
    try {
      const answer = await fetch(words.preview, {
        method: "POST",
        body: new URLSearchParams({ _csrf: form.elements._csrf.value, body: body.value }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (turn === asked) pane.innerHTML = html;
    } catch {
      if (turn === asked) pane.textContent = words.previewFailed;
    }
  };
  section.hidden = false;
  draw();
  body.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(draw, 600);
  });

  // Counters: spoken only when the field is left, shown always.
  for (const field of form.querySelectorAll("[data-max]")) {
    const max = Number(field.dataset.max);
    const counter = document.createElement("p");
    const show = () => {
      const left = max - [...field.value].length;
      counter.textContent = left < 0 ? `${-left} ${words.over}` : `${left} ${words.left}`;
      counter.className = left < 0 ? "counter over" : "counter";
      counter.hidden = max > 5000 && left > max / 10;
    };
    counter.id = `${field.id}-left`;
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
    field.after(counter);
    field.addEventListener("input", show);
    show();
  }

  // What the chosen section is for.
  const sections = form.elements.section;
  const more = document.getElementById("section-more");
  const explain = () => {
    const hint = sections.selectedOptions[0]?.dataset.hint ?? "";
    more.textContent = hint;
    more.hidden = !hint;
  };
  sections.addEventListener("change", explain);
  explain();

  // A copy of what was typed, under this person and this entry, for a week.
  const key = `cong-lang:${words.key}`;
  const week = 7 * 24 * 3600 * 1000;
  const store = {
    read: (k) => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } },
    write: (k, value) => { try { localStorage.setItem(k, JSON.stringify(value)); } catch { /* Full or forbidden: the form still works. */ } },
    drop: (k) => { try { localStorage.removeItem(k); } catch { /* Forbidden: nothing was kept. */ } },
  };
  const typed = () => {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || ["_csrf", "lock", "then"].includes(field.name)) continue;
      if (field.type === "checkbox") values[field.name] = field.checked ? "on" : "";
      else if (field.type === "radio") { if (field.checked) values[field.name] = field.value; }
      else values[field.name] = field.value.replaceAll("\r\n", "\n");
    }
    return values;
  };
  const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
  const saved = typed();
  const failed = document.getElementById("loi") !== null;
  let sending = false;
  let dirty = failed;

  // A new entry gets its own address when it is saved: its copy under the old key is no longer needed.
  try {
    const sent = sessionStorage.getItem("cong-lang:sent");
    if (sent && sent !== key && !failed && store.read(sent)?.values.title === saved.title) store.drop(sent);
    sessionStorage.removeItem("cong-lang:sent");
  } catch { /* Forbidden: the copy ends after a week. */ }

  const kept = store.read(key);
  if (kept && (same(kept.values, saved) || Date.now() - kept.at > week)) store.drop(key);
  else if (kept) offer(kept);

  function offer(copy) {
    const notice = document.createElement("div");
    const text = document.createElement("p");
    const buttons = document.createElement("div");
    const use = document.createElement("button");
    const drop = document.createElement("button");
    notice.className = "notice info";
    notice.setAttribute("role", "status");
    text.textContent = `${words.kept} ${new Date(copy.at).toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" })}.`;
    buttons.className = "buttons";
    use.type = drop.type = "button";
    use.className = "button primary";
    drop.className = "button plain";
    use.textContent = words.use;
    drop.textContent = words.drop;
    use.addEventListener("click", () => {
      for (const [name, value] of Object.entries(copy.values)) {
        const field = form.elements[name];
        if (!field) continue;
        if (field.type === "checkbox") field.checked = value === "on";
        else field.value = value;
      }
      form.querySelectorAll("input, textarea").forEach((f) => f.dispatchEvent(new Event("input", { bubbles: true })));
      explain();
      notice.remove();
      form.elements.title.focus();
    });
    drop.addEventListener("click", () => {
      store.drop(key);
      notice.remove();
      form.elements.title.focus();
    });
    buttons.append(use, drop);
    notice.append(text, buttons);
    form.prepend(notice);
  }

  let later;
  const keep = () => store.write(key, { at: Date.now(), values: typed() });
  const changed = () => {
    dirty = failed || !same(typed(), saved);
    clearTimeout(later);
    later = setTimeout(() => (dirty ? keep() : store.drop(key)), 800);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    sending = true;
    clearTimeout(later);
    keep();
    try { sessionStorage.setItem("cong-lang:sent", key); } catch { /* Forbidden. */ }
  });
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !sending) {
      keep();
      event.preventDefault();
    }
  });
  // Publishing or returning works on the saved edition: say so when something is not saved.
  for (const leave of document.querySelectorAll("form[data-leave]")) {
    const question = leave.dataset.confirm;
    form.addEventListener("input", () => {
      if (dirty || !same(typed(), saved)) leave.dataset.confirm = words.unsaved;
      else if (question) leave.dataset.confirm = question;
      else delete leave.dataset.confirm;
    });
    leave.addEventListener("submit", () => { if (leave.dataset.confirmed || !leave.dataset.confirm) sending = true; });
  }
})();
