// Small manners of every staff page: a form with data-confirm asks first in a native dialog, no form is sent twice by a
// second tap, and only one menu is open. Without this file every form is sent at once.
(() => {
  const words = document.body.dataset;
  const button = (label, style, value) => {
    const b = document.createElement("button");
    b.className = `button ${style}`;
    b.value = value;
    b.textContent = label;
    return b;
  };
  const ask = (text, danger) => new Promise((answer) => {
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    const question = document.createElement("p");
    const buttons = document.createElement("div");
    form.method = "dialog";
    question.id = "dialog-question";
    question.textContent = text;
    dialog.setAttribute("aria-labelledby", question.id);
    buttons.className = "buttons";
    buttons.append(button(words.ok, danger ? "danger" : "primary", "ok"), button(words.cancel, "plain", ""));
    form.append(question, buttons);
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "ok");
    });
    dialog.showModal();
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const text = form.dataset.confirm;
    // A second tap on a slow line does not send a form twice.
    if (form.method === "post" && !event.defaultPrevented && (!text || form.dataset.confirmed)) {
      if (Date.now() - Number(form.dataset.sentAt ?? 0) < 4000) event.preventDefault();
      else form.dataset.sentAt = String(Date.now());
    }
    if (!text || form.dataset.confirmed || event.defaultPrevented || !window.HTMLDialogElement) return;
    event.preventDefault();
    const submitter = event.submitter;
    if (!(await ask(text, "danger" in form.dataset))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });
  // Only one menu of the top bar is open at a time; Escape closes it.
  const drops = [...document.querySelectorAll("details.drop")];
  const closeOthers = (kept) => drops.forEach((d) => { if (d !== kept) d.open = false; });
  drops.forEach((d) => d.addEventListener("toggle", () => { if (d.open) closeOthers(d); }));
  document.addEventListener("click", (event) => closeOthers(event.target.closest("details.drop")));
  document.addEventListener("keydown", (event) => {
    const open = drops.find((d) => d.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();
