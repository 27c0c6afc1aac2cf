"use strict";
// The phone page: shows a staff member's orders and says what they do with them.
// The secret stays in this tab (sessionStorage); steps wait in localStorage until the backend has answered.
const API = "/api/v1", WAIT = 25, FIX_SECONDS = 10, LIMIT = 2000;
const ZH = {
  device: "设备编号", secret: "设备密码", enter: "登录", leave: "退出", wrong: "设备编号或密码不正确", away: "无法连接，操作会在恢复后发送",
  online: "已连接", waiting: "待发送", none: "没有指令", read: "查看", accept: "签收", refuse: "拒绝", start: "出发", arrive: "到达",
  done: "完成", why: "拒绝原因", report: "处置情况", send: "提交", sos: "一键求助 SOS", called: "已求助", sure: "再按一次求助", call: "通知",
  sent: "新指令", delivered: "新指令", accepted: "已签收", under_way: "途中", arrived: "已到达", metres: "米", kilometres: "公里", before: "", after: "后", minutes: "分钟", refused: "未被接受",
};
const EN = {
  device: "Device id", secret: "Secret", enter: "Sign in", leave: "Sign out", wrong: "Wrong device id or secret", away: "No connection; what you do is sent later",
  online: "Connected", waiting: "to be sent", none: "No orders", read: "Open", accept: "Accept", refuse: "Refuse", start: "Set out", arrive: "Arrived",
  done: "Done", why: "Why not", report: "Report", send: "Send", sos: "SOS – call for help", called: "Help was called", sure: "Press again to call", call: "Call",
  sent: "New order", delivered: "New order", accepted: "Accepted", under_way: "On the way", arrived: "Arrived", metres: "m", kilometres: "km", before: "In ", after: "", minutes: "min", refused: "Not accepted",
};
const T = navigator.language.startsWith("zh") ? ZH : EN;
const STEPS = { sent: ["read"], delivered: ["read"], read: ["accept", "refuse"], accepted: ["start", "refuse"], under_way: ["arrive"], arrived: ["done"] };
const CALL_STEPS = { sent: ["read"], delivered: ["read"], read: ["accept", "refuse"], accepted: ["done"] };
const AFTER = { delivered: "delivered", read: "read", accept: "accepted", start: "under_way", arrive: "arrived" };
const at = id => document.getElementById(id);
const mine = { device: sessionStorage.device || "", secret: sessionStorage.secret || "", entries: [], tag: "", asking: null, place: null, run: 0 };

function headers(more) {
  const bytes = new TextEncoder().encode(mine.device + ":" + mine.secret);
  return { Authorization: "Basic " + btoa(String.fromCharCode(...bytes)), ...more };
}
// "omit": no cookies, and no password box of the browser when the backend says 401.
const ask = (path, options = {}) => fetch(API + path, { credentials: "omit", cache: "no-store", ...options, headers: headers(options.headers) });

const key = () => "outbox-" + mine.device;
const outbox = () => JSON.parse(localStorage.getItem(key()) || "[]");
const keep = steps => localStorage.setItem(key(), JSON.stringify(steps));
const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");

function step(order, action, note = "") {
  keep([...outbox(), { id: unique(), order, action, note: note.slice(0, LIMIT) }]);
  mine.asking = null;
  show();
  deliver();
}

let delivering = false;
async function deliver() {
  if (delivering || !mine.secret) return;
  delivering = true;
  try {
    for (let steps = outbox(); steps.length; steps = outbox()) {
      const { id, order, action, note } = steps[0];
      const options = { method: "POST", body: JSON.stringify({ action, note }) };
      options.headers = { "Content-Type": "application/json", "Idempotency-Key": id };
      const answer = await ask("/dispatch/device/orders/" + encodeURIComponent(order), options);
      if (answer.status === 401 || answer.status === 429 || answer.status >= 500) break;
      keep(outbox().filter(each => each.id !== id));
      if (!answer.ok) say(T.refused);
    }
  } catch { say(T.away); }
  delivering = false;
  show();
  if (outbox().length) setTimeout(deliver, 3000);
}

async function listen(run) {
  while (run === mine.run) {
    try {
      const answer = await ask("/dispatch/device/orders?wait=" + (mine.tag ? WAIT : 0), { headers: mine.tag ? { "If-None-Match": mine.tag } : {} });
      if (run !== mine.run) return;
      if (answer.status === 401) return leave(T.wrong);
      if (answer.status === 200) { mine.tag = answer.headers.get("ETag") || ""; take(await answer.json()); }
      else if (answer.status !== 304) await pause(5);
      say(T.online);
      deliver();
    } catch { say(T.away); await pause(3); }
  }
}
const pause = seconds => new Promise(done => setTimeout(done, seconds * 1000));

function take(entries) {
  mine.entries = entries;
  for (const { order } of entries) if (order.state === "sent" && !planned(order).length) step(order.id, "delivered");
  if (entries.some(({ order }) => order.state === "sent") && navigator.vibrate) navigator.vibrate([200, 100, 200]);
  show();
}

const planned = order => outbox().filter(each => each.order === order.id);
function stateOf(order) {  // as it will be once what waits is sent
  return planned(order).reduce((state, each) => AFTER[each.action] || "", order.state);
}

function element(tag, text, properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text) made.textContent = text;  // never as markup: texts come from others
  return made;
}

function show() {
  const open = mine.entries.filter(({ order }) => planned(order).length === 0 || stateOf(order));
  at("orders").replaceChildren(...(open.length ? open.map(card) : [element("p", T.none, { className: "quiet" })]));
  const waits = outbox().length;
  if (waits) say(waits + " " + T.waiting);
}

function card({ order, event }) {
  const state = stateOf(order), box = element("article");
  box.className = (event.urgency || "") + (order.escalation ? " reminded" : "");
  box.dataset.id = order.id;
  box.dataset.state = state;
  box.append(element("p", T[state] || state, { className: "quiet" }), element("h2", event.title || T.call));
  for (const text of [event.address, order.text]) if (text) box.append(element("p", text));
  if (order.route && !["sent", "delivered", "arrived"].includes(state)) box.append(...way(order));
  for (const file of order.attachments) box.append(element("button", "📎 " + file.name, { type: "button", onclick: () => openFile(order, file) }));
  box.append(mine.asking && mine.asking.order === order.id ? question(mine.asking) : acts(order, event, state));
  return box;
}

function acts(order, event, state) {
  const row = element("div", "", { className: "acts" });
  for (const action of (event.title ? STEPS : CALL_STEPS)[state] || []) {
    const asks = action === "refuse" || action === "done";
    const run = () => asks ? (mine.asking = { order: order.id, action }, show()) : step(order.id, action);
    row.append(element("button", T[action], { type: "button", className: action === "refuse" ? "" : "main", onclick: run, name: action }));
  }
  return row;
}

function question({ order, action }) {
  const form = element("form"), text = element("textarea", "", { maxLength: LIMIT, required: action === "refuse", rows: 3, name: "note" });
  form.append(element("label", action === "refuse" ? T.why : T.report), text, element("button", T.send, { className: "main" }));
  form.onsubmit = event => { event.preventDefault(); step(order, action, text.value); };
  setTimeout(() => text.focus());
  return form;
}

async function openFile(order, file) {
  try {
    const answer = await ask("/dispatch/device/orders/" + order.id + "/attachments/" + file.id);
    if (!answer.ok) return say(T.refused);
    const link = element("a", "", { href: URL.createObjectURL(await answer.blob()), download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  } catch { say(T.away); }
}

async function report(more = {}) {
  const place = mine.place, query = new URLSearchParams({ id: mine.device, timestamp: Date.now(), ...more });
  if (place) {
    query.set("lat", place.latitude); query.set("lon", place.longitude); query.set("accuracy", place.accuracy);
    if (place.speed !== null) query.set("speed", place.speed / 0.514444);  // this protocol counts in knots
    if (place.heading !== null && !Number.isNaN(place.heading)) query.set("bearing", place.heading);
  }
  return (await ask("/ingest/osmand?" + query, { method: "POST" })).ok;
}

let armed = 0;
async function sos() {
  if (Date.now() - armed > 4000) { armed = Date.now(); at("sos").textContent = T.sure; return; }
  armed = 0;
  for (let tries = 0; tries < 20; tries++) {
    try { if (await report({ alarm: "sos" })) { at("sos").textContent = T.called; return; } } catch { say(T.away); }
    await pause(3);
  }
  at("sos").textContent = T.sos;
}

function say(text) { at("state").textContent = text; }

function enter() {
  mine.run++; mine.tag = "";
  Object.assign(sessionStorage, { device: mine.device, secret: mine.secret });
  at("signin").hidden = true; at("orders").hidden = at("leave").hidden = document.querySelector("footer").hidden = false;
  at("who").textContent = mine.device;
  if (navigator.geolocation) navigator.geolocation.watchPosition(found => { mine.place = found.coords; moved(); }, () => {}, { enableHighAccuracy: true });
  listen(mine.run);
}

function leave(problem = "") {
  mine.run++; sessionStorage.clear();
  told.clear();
  Object.assign(mine, { secret: "", entries: [], tag: "" });
  at("signin").hidden = false; at("orders").hidden = at("leave").hidden = document.querySelector("footer").hidden = true;
  at("who").textContent = ""; at("secret").value = ""; say(""); at("problem").textContent = problem;
}

document.documentElement.lang = T === ZH ? "zh-CN" : "en";
for (const [id, text] of [["device-label", T.device], ["secret-label", T.secret], ["enter", T.enter], ["leave", T.leave], ["sos", T.sos]]) at(id).textContent = text;
at("signin").onsubmit = event => { event.preventDefault(); mine.device = at("device").value.trim(); mine.secret = at("secret").value; enter(); };
at("leave").onclick = () => leave();
at("sos").onclick = sos;
setInterval(() => { if (mine.secret && mine.place) report().catch(() => {}); }, FIX_SECONDS * 1000);
if (mine.secret) enter();
