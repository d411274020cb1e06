// Puts what the command tells into the page; see reporting/load/live_figures.py.
"use strict";

const at = (id) => document.getElementById(id);
const source = new EventSource("events");

source.addEventListener("state", (event) => {
  const state = JSON.parse(event.data);
  for (const [id, text] of Object.entries(state.texts))
    if (at(id)) at(id).textContent = text;
  for (const [id, path] of Object.entries(state.paths))
    at(id)?.setAttribute("d", path);
  at("bar").value = state.progress;
  at("lost").hidden = true;
});

source.addEventListener("end", (event) => {
  source.close();
  const end = JSON.parse(event.data);
  at("lost").hidden = true;
  at("phase").textContent = end.report ? "done" : "ended";
  at("sentence").textContent = end.sentence;
  if (end.report) location.replace("report");
});

source.addEventListener("error", () => {
  if (source.readyState !== EventSource.OPEN) at("lost").hidden = false;
});
