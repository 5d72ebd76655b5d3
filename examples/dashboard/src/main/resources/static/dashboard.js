'use strict';

const SHOWN_EVENTS = 60;
const CHART_SECONDS = 120;

const byId = id => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const chart = { times: [], rates: [], cuts: [], reconnects: null };
let lost = 0;
let arrived = [];
let plot = null;

function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return (unit === 0 ? count : count.toFixed(1)) + ' ' + units[unit];
}

// --- the chart

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });
}

function drawCuts(u) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.strokeStyle = colour('--cut');
  u.ctx.lineWidth = 2 * devicePixelRatio;
  for (const time of chart.cuts) {
    const x = u.valToPos(time, 'x', true);
    if (x >= left && x <= left + width) {
      u.ctx.beginPath();
      u.ctx.moveTo(x, top);
      u.ctx.lineTo(x, top + height);
      u.ctx.stroke();
    }
  }
  u.ctx.restore();
}

function makePlot() {
  const place = byId('chart');
  if (plot) {
    plot.destroy();
  }
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  plot = new uPlot({
    width: place.clientWidth,
    height: place.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (u, min, max) => [max - CHART_SECONDS, max] },
      y: { range: (u, min, max) => [0, Math.max(5, max * 1.15)] },
    },
    axes: [{ ...axis, space: 90, incrs: [10, 30, 60], size: 30, values: (u, times) => times.map(clock) }, { ...axis, size: 44 }],
    series: [{}, { stroke: colour('--water'), width: 2, fill: colour('--water-soft'), points: { show: false } }],
    hooks: { draw: [drawCuts] },
  }, [chart.times, chart.rates], place);
}

function addPoint(point) {
  const time = point.time / 1000;
  if (chart.times.length && time <= chart.times[chart.times.length - 1]) {
    return;
  }
  chart.times.push(time);
  chart.rates.push(point.rate);
  if (chart.reconnects !== null && point.reconnects > chart.reconnects) {
    chart.cuts.push(time);
  }
  chart.reconnects = point.reconnects;
  while (chart.times[0] < time - CHART_SECONDS - 2) {
    chart.times.shift();
    chart.rates.shift();
  }
  while (chart.cuts.length && chart.cuts[0] < time - CHART_SECONDS) {
    chart.cuts.shift();
  }
}

// --- what is shown

function showState(text) {
  const pill = byId('state');
  pill.textContent = text;
  pill.title = text;
  pill.classList.toggle('waiting', text.startsWith('reconnecting') || text.startsWith('connecting'));
  pill.classList.toggle('broken', text.startsWith('failed') || text.startsWith('this page'));
}

function showStatus(status) {
  showState(status.state);
  byId('rate').textContent = status.rate.toFixed(1);
  byId('events').textContent = number.format(status.events);
  byId('reconnects').textContent = number.format(status.reconnects);
  byId('dropped').textContent = number.format(status.dropped);
  byId('cut').textContent = status.demo ? 'Cut the line' : 'Reconnect';
  byId('browsers').textContent = number.format(status.browsers);
  addPoint(status);
  plot.setData([chart.times, chart.rates]);
  showDownloads(status.downloads);
}

const ACTIONS = { waiting: ['Start', 'resume'], running: ['Pause', 'pause'], paused: ['Resume', 'resume'], failed: ['Try again', 'resume'], done: ['Load again', 'resume'] };

function sayings(download) {
  if (download.trouble) {
    return download.trouble;
  }
  const resumed = download.resumedFrom > 0 ? 'went on at ' + bytes(download.resumedFrom) : '';
  switch (download.state) {
    case 'paused': return 'paused; what came stays on the disk';
    case 'done': return 'complete' + (resumed ? ', ' + resumed : '');
    default: return resumed;
  }
}

function showDownloads(downloads) {
  byId('no-downloads').hidden = downloads.length > 0;
  for (const download of downloads) {
    let item = document.querySelector(`[data-name="${CSS.escape(download.name)}"]`);
    if (!item) {
      item = byId('download').content.firstElementChild.cloneNode(true);
      item.dataset.name = download.name;
      item.querySelector('.name').textContent = download.name;
      item.querySelector('progress').setAttribute('aria-label', download.name);
      item.querySelector('button').addEventListener('click', event => act(event.target, `/downloads/${encodeURIComponent(download.name)}/${event.target.dataset.action}`));
      byId('downloads').append(item);
    }
    const [label, action] = ACTIONS[download.state];
    const button = item.querySelector('button');
    button.textContent = label;
    button.dataset.action = action;
    button.classList.toggle('quiet', download.state !== 'running' && download.state !== 'paused' && download.state !== 'waiting');
    item.className = download.state;
    const known = download.total > 0;
    item.querySelector('progress').value = known ? download.done / download.total : 0;
    item.querySelector('.figures').textContent = !known ? ''
        : bytes(download.done) + ' of ' + bytes(download.total) + (download.rate > 0 ? ' · ' + bytes(download.rate) + '/s' : '');
    const said = item.querySelector('.said');
    said.textContent = sayings(download);
    said.classList.toggle('trouble', Boolean(download.trouble));
  }
}

function line(id, data, kind) {
  const item = document.createElement('li');
  const number = document.createElement('span');
  number.className = 'id';
  number.textContent = id;
  const text = document.createElement('span');
  text.className = kind;
  text.textContent = data;
  item.append(number, text);
  return item;
}

// However many come: the list changes once for each picture.
function arrive(item) {
  if (arrived.length === 0) {
    requestAnimationFrame(() => {
      const list = byId('feed');
      list.prepend(...arrived.reverse());
      while (list.children.length > SHOWN_EVENTS) {
        list.lastElementChild.remove();
      }
      arrived = [];
    });
  }
  arrived.push(item);
  // Nothing is drawn while the page is in the background, but events come all the same.
  if (arrived.length > SHOWN_EVENTS) {
    arrived.shift();
  }
}

async function act(button, path) {
  button.disabled = true;
  try {
    const answer = await fetch(path, { method: 'POST' });
    if (!answer.ok) {
      showState('this page was refused: ' + answer.status);
    }
  } catch (failure) {
    showState('this page has lost its server');
  } finally {
    button.disabled = false;
  }
}

// --- the one stream

makePlot();
new ResizeObserver(() => plot.setSize({ width: byId('chart').clientWidth, height: byId('chart').clientHeight })).observe(byId('chart'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', makePlot);
byId('cut').addEventListener('click', event => act(event.target, '/feed/cut'));

const live = new EventSource('/live');
live.addEventListener('error', () => showState('this page has lost its server'));
live.addEventListener('past', event => JSON.parse(event.data).forEach(addPoint));
live.addEventListener('status', event => showStatus(JSON.parse(event.data)));
live.addEventListener('feed', event => {
  const shown = JSON.parse(event.data);
  arrive(line(event.lastEventId, (shown.type === 'message' ? '' : shown.type + ' ') + shown.data, 'data'));
});
live.addEventListener('loss', event => {
  const loss = JSON.parse(event.data);
  lost += loss.count;
  byId('lost').textContent = number.format(lost);
  arrive(line('', number.format(loss.count) + ' dropped', 'loss'));
});
