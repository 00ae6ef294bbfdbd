// Adds a copy button beside a read-only field inside [data-copy]. Without this file the text can be selected and copied.
(() => {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll("[data-copy]")) {
    const field = box.querySelector("input");
    const button = document.createElement("button");
    const status = document.createElement("span");
    button.type = "button";
    button.className = "button plain";
    button.textContent = box.dataset.label;
    status.className = "unseen";
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      field.select();
      button.textContent = box.dataset.done;
      status.textContent = box.dataset.done;
      setTimeout(() => { button.textContent = box.dataset.label; status.textContent = ""; }, 3000);
    });
    box.append(button, status);
  }
})();
