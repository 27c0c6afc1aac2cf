"use strict";
// The way of an order: its line, and its steps told one by one. Uses T, element, ask and mine of app.js.
const NEAR = 10;  // metres; a fix is no better than this
const told = new Map();  // by order id: its way as it was asked for, path, steps, and metres from the start to each

function way(order) {
  const route = order.route, flat = Math.cos(route.path[0][1] * Math.PI / 180), xs = route.path.map(p => p[0] * flat), ys = route.path.map(p => -p[1]);
  const [x, y] = [Math.min(...xs), Math.min(...ys)], size = Math.max(Math.max(...xs) - x, Math.max(...ys) - y, 1e-6);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS(svg.namespaceURI, "polyline");
  svg.setAttribute("viewBox", "-5 -5 110 110");
  line.setAttribute("points", xs.map((each, i) => ((each - x) / size * 100).toFixed(2) + "," + ((ys[i] - y) / size * 100).toFixed(2)).join(" "));
  svg.append(line);
  const text = Math.round(route.metres) + " " + T.metres + " · " + Math.ceil(route.seconds / 60) + " " + T.minutes;
  return [svg, element("p", text, { className: "quiet" }), element("p", route.roads.slice(0, 8).join(" → "), { className: "quiet" }), steps(order)];
}

function steps(order) {
  const box = element("section", "", { className: "steps" }), known = told.get(order.id), name = JSON.stringify(order.route);
  box.dataset.id = order.id;
  if (known && known.way === name) fill(box, known);
  else tell(order, name, box);
  return box;
}

async function tell(order, name, box) {  // without an answer the line alone shows the way
  try {
    const answer = await ask("/dispatch/device/orders/" + encodeURIComponent(order.id) + "/steps");
    if (!answer.ok) return;
    const list = await answer.json();
    let at = 0;
    const marks = list.map(step => { const mark = at; at += step.metres; return mark; });
    told.set(order.id, { way: name, path: order.route.path, steps: list, marks });
    fill(box, told.get(order.id));
  } catch { say(T.away); }
}

function fill(box, known) {
  if (!known.steps.length) return;
  const list = element("ol");
  list.append(...known.steps.map(step => element("li", words(step))));
  box.replaceChildren(element("p", "", { className: "next" }), list);
  turn(box, known);
}
const words = step => T === ZH ? step.zh : step.en;

function turn(box, { path, steps, marks }) {  // the step that comes next, large, and how far it is
  const walked = mine.place ? walkedOf(path, mine.place.longitude, mine.place.latitude) : 0;
  const ahead = marks.findIndex(mark => mark > walked + NEAR), next = walked < NEAR ? 0 : ahead < 0 ? steps.length - 1 : ahead;
  const left = marks[next] - walked, far = left > NEAR ? T.before + lengthOf(left) + T.after + " " : "";
  box.querySelector(".next").replaceChildren(element("strong", far), words(steps[next]));
  [...box.querySelectorAll("li")].forEach((line, i) => { line.className = i < next ? "passed" : i === next ? "now" : ""; });
}
const lengthOf = metres => metres < 1000 ? Math.round(metres / 10) * 10 + " " + T.metres : (metres / 1000).toFixed(1) + " " + T.kilometres;

function walkedOf(path, lon, lat) {  // metres along the path to the place on it that is nearest
  const north = 111195, east = north * Math.cos(lat * Math.PI / 180), points = path.map(([x, y]) => [(x - lon) * east, (y - lat) * north]);
  let along = 0, best = Infinity, found = 0;
  for (let i = 1; i < points.length; i++) {
    const [[x, y], [u, v]] = [points[i - 1], points[i]], length = Math.hypot(u - x, v - y);
    const share = length ? Math.min(Math.max(-(x * (u - x) + y * (v - y)) / length ** 2, 0), 1) : 0;
    const away = Math.hypot(x + share * (u - x), y + share * (v - y));
    if (away < best) { best = away; found = along + share * length; }
    along += length;
  }
  return found;
}

function moved() {  // in place: what is being typed elsewhere on the page stays
  for (const box of document.querySelectorAll(".steps")) {
    const known = told.get(box.dataset.id);
    if (known && box.firstChild) turn(box, known);
  }
}
