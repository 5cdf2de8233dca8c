// Review by keyboard and mouse. Single keys work while the focus is in the form and not in a field; without this script the
// same buttons are there, and the browser's own access keys.
// What is sent is sent in the background, and the answer's content put in the place of this one: the next statement is there
// sooner than with a new page.
document.addEventListener("submit", async (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  const form = event.target;
  if (form.dataset.sent) return; // twice the same key is one judgement
  form.dataset.sent = "1";
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  history.replaceState(null, "", answer.url);
  document.querySelector("main").replaceWith(page.querySelector("main"));
  prepare();
  scrollTo(0, 0);
  (document.querySelector("[role=alert], [autofocus]") || document.querySelector("main")).focus();
});

const prepare = () => {
  const form = document.querySelector("form.judge");
  if (!form) return;
  const shown = form.querySelector("blockquote.paragraph");
  const field = form.elements.content;
  const isField = (one) => one.matches("input, textarea, select");
  const text = shown.textContent;
  const begin = Number(shown.dataset.start);
  const marks = [...shown.querySelectorAll("mark")];
  const kind = marks[0]?.className || "indirect";
  let spans = [];
  let at = 0;
  for (const node of shown.childNodes) {
    const end = at + node.textContent.length;
    if (node.nodeName === "MARK") spans.push([at, end]);
    at = end;
  }

  const paint = () => {
    shown.replaceChildren();
    let last = 0;
    for (const [from, to] of spans) {
      const mark = document.createElement("mark");
      mark.className = kind;
      mark.textContent = text.slice(from, to);
      shown.append(text.slice(last, from), mark);
      last = to;
    }
    shown.append(text.slice(last));
    field.value = spans.map(([from, to]) => text.slice(from, to).split(/\s+/).join(" ")).join(" … ");
    // The server counts code points
    if (spans.length) form.elements.near.value = begin + [...text.slice(0, spans[0][0])].length;
  };

  const words = [...text.matchAll(/\S+/g)].map((one) => [one.index, one.index + one[0].length]);
  const move = (how) => {
    if (!spans.length) return;
    const first = spans[0];
    const end = spans[spans.length - 1];
    const to = {
      "start-": words.map((w) => w[0]).filter((n) => n < first[0]).pop(),
      "start+": words.map((w) => w[0]).find((n) => n > first[0] && n < first[1]),
      "end-": words.map((w) => w[1]).filter((n) => n > end[0] && n < end[1]).pop(),
      "end+": words.map((w) => w[1]).find((n) => n > end[1]),
    }[how];
    if (to === undefined) return;
    if (how.startsWith("start")) first[0] = to;
    else end[1] = to;
    paint();
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    move(button.value);
  });

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (isField(event.target)) {
      if (event.key === "Escape") form.querySelector("button").focus();
      return;
    }
    const focus = form.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    const press = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const undo = event.key === "u" ? document.querySelector("[data-undo]") : null;
    if (!focus && !press && !undo) return;
    event.preventDefault();
    if (focus) {
      focus.focus();
      focus.select();
    } else (press || undo).click();
  });

  // What is selected in the paragraph with the mouse is the content, whole words of it
  shown.addEventListener("mouseup", () => {
    const chosen = getSelection();
    if (chosen.isCollapsed || !shown.contains(chosen.anchorNode) || !shown.contains(chosen.focusNode)) return;
    const place = (node, offset) => {
      const range = document.createRange();
      range.selectNodeContents(shown);
      range.setEnd(node, offset);
      return range.toString().length;
    };
    const ends = [place(chosen.anchorNode, chosen.anchorOffset), place(chosen.focusNode, chosen.focusOffset)];
    const [from, to] = ends.sort((one, other) => one - other);
    const inside = words.filter((word) => word[1] > from && word[0] < to);
    if (!inside.length) return;
    spans = [[inside[0][0], inside[inside.length - 1][1]]];
    chosen.removeAllRanges();
    paint();
    form.querySelector("button").focus();
  });
};
prepare();
