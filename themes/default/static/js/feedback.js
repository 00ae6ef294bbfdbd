// Comforts of the forms that citizens send: works for the form in the background, so that it can be sent at once, and
// shows answers that are like the question. Every form can be sent without this file, a little later.
(function () {
  "use strict";
  var form = document.querySelector("[data-case]");
  if (!form) return;
  var proof = form.querySelector("[name=proof]");
  var status = form.querySelector("[data-status]");
  var waiting = false;

  if (window.Worker && proof) {
    var worker = new Worker(form.getAttribute("data-worker"));
    worker.onmessage = function (event) {
      proof.value = event.data;
      worker.terminate();
      if (waiting) form.submit();
    };
    worker.onerror = function () { worker.terminate(); worker = null; if (waiting) form.submit(); };
    worker.postMessage({ slip: form.getAttribute("data-slip"), bits: Number(form.getAttribute("data-bits")) });
    form.addEventListener("submit", function (event) {
      if (proof.value || !worker || waiting) return;
      event.preventDefault();
      waiting = true;
      status.textContent = form.getAttribute("data-working");
    });
  }

  var subject = form.querySelector("[data-similar]");
  var box = form.querySelector("[data-found]");
  if (!subject || !box || !window.fetch) return;
  subject.addEventListener("change", function () {
    if (subject.value.trim().length < 5) { box.hidden = true; return; }
    fetch(subject.getAttribute("data-similar") + "?q=" + encodeURIComponent(subject.value))
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (found) {
        var list = box.querySelector("ul");
        list.textContent = "";
        found.forEach(function (it) {
          var item = document.createElement("li"), link = document.createElement("a");
          link.href = it.path;
          link.textContent = it.title;
          link.target = "_blank";
          link.rel = "noopener";
          item.appendChild(link);
          list.appendChild(item);
        });
        box.hidden = found.length === 0;
      })
      .catch(function () { box.hidden = true; });
  });
})();
