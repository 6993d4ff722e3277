import { sleep, systemClock } from '../../../src/platform/clock.ts';
import { ask, type BenchState, element, elementOf, type PersonOfBench } from './bench-state.ts';
import { listPeople, portraitOf } from './people-list.ts';
import { drawPrinter, troubleOf } from './printer-picture.ts';

const REFRESH_MS = 350;
const TOAST_MS = 3500;

let chosen: PersonOfBench | undefined;
let laid: PersonOfBench | undefined;
let state: BenchState | undefined;
let toasts = 0;

async function act(body: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    const answer = await fetch('/api/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { said = '', error = '' } = (await answer.json()) as { said?: string; error?: string };
    if (said || error) void toast(said || error, !answer.ok);
    await refresh();
    return answer.ok;
  } catch {
    void toast('设备台的服务没有在运行', true);
    return false;
  }
}

async function toast(text: string, bad: boolean): Promise<void> {
  const mine = (toasts += 1);
  const box = element('toast');
  box.textContent = text;
  box.className = bad ? 'shown bad' : 'shown';
  await sleep(systemClock, TOAST_MS);
  if (mine === toasts) box.className = '';
}

async function refresh(): Promise<void> {
  const next = await ask<BenchState>('/api/state');
  state = next;
  if (!next) {
    for (const lamp of document.querySelectorAll('[data-lamp]')) setLamp(lamp, 'bad', '没有在运行');
    return;
  }
  drawReader(next.reader);
  drawScanner(next.scanner);
  drawPrinter(next.printer, next.slips);
  drawLamps(next);
}

function drawReader(reader: BenchState['reader']): void {
  element('reader').classList.toggle('reading', reader?.stage === 'read');
  const box = element('laid');
  const kind = reader?.onReader ?? 'nothing';
  box.hidden = kind === 'nothing';
  if (box.dataset['shown'] === `${kind}${laid?.id}`) return;
  box.dataset['shown'] = `${kind}${laid?.id}`;
  box.className = kind === 'other-card' ? 'laid bus' : 'laid';
  if (kind === 'other-card') box.replaceChildren('公共交通卡');
  else if (kind === 'resident-card' && laid) {
    const name = document.createElement('b');
    name.textContent = laid.name;
    box.replaceChildren(portraitOf(laid), name);
  } else box.replaceChildren('身份证');
}

function drawScanner(scanner: BenchState['scanner']): void {
  element('scanner').classList.toggle('showing', scanner?.codeInView === true);
  element('phone').hidden = scanner?.codeInView !== true;
}

function drawLamps({ reader, scanner, printer, networkAway }: BenchState): void {
  for (const [id, device] of Object.entries({ reader, scanner, printer })) {
    const panel = element(id);
    const lamp = panel.querySelector('[data-lamp]');
    const plug = panel.querySelector<HTMLButtonElement>('[data-plug]');
    const out = device?.pluggedIn === false;
    panel.classList.toggle('unplugged', device === null || out);
    if (plug) plug.textContent = out ? '插上线' : '拔线';
    plug?.classList.toggle('on', out);
    if (!lamp) continue;
    if (device === null) setLamp(lamp, 'bad', '没有在运行');
    else if (out) setLamp(lamp, 'bad', '线拔掉了');
    else setLamp(lamp, 'good', '接着');
  }
  const lamp = document.querySelector('#printer [data-lamp]');
  if (printer?.pluggedIn && lamp) drawPrinterLamp(lamp, printer);
  setLamp(element('centre'), networkAway ? 'bad' : 'good', networkAway ? '中心：断网' : '中心：网络通');
  element('network').textContent = networkAway ? '接回网络' : '断开网络';
  toggle('cover', printer?.cover === 'open', '合上盖子', '打开盖子');
  toggle('jam', printer?.jammed === true || printer?.cutter === 'jammed', '清除卡纸', '卡纸');
  toggle('paper-out', printer?.paper === 'out', '装上新纸卷', '取出纸卷');
  toggle('paper-low', printer?.paper === 'low', '换新纸卷', '纸快用完');
}

function drawPrinterLamp(lamp: Element, printer: NonNullable<BenchState['printer']>): void {
  const trouble = troubleOf(printer);
  if (trouble !== undefined) setLamp(lamp, 'bad', trouble);
  else if (printer.printing) setLamp(lamp, 'good', '正在打印');
  else if (printer.paper === 'low') setLamp(lamp, 'warn', '纸快用完');
}

function setLamp(lamp: Element, kind: 'good' | 'warn' | 'bad', text: string): void {
  lamp.className = `lamp ${kind}`;
  lamp.textContent = text;
}

function toggle(id: string, on: boolean, whenOn: string, whenOff: string): void {
  const button = element(id);
  button.textContent = on ? whenOn : whenOff;
  button.classList.toggle('on', on);
}

function onClick(id: string, body: () => Readonly<Record<string, unknown>>): void {
  element(id).addEventListener('click', () => void act(body()));
}

function showCode(id: string, kind: string, words: string): void {
  element(id).addEventListener('click', () => {
    void act({ action: 'show-code', kind, person: chosen?.id ?? '' }).then((shown) => {
      const caption = document.querySelector('#phone b');
      if (shown && caption) caption.textContent = words;
      return shown;
    });
  });
}

element('lay-card').addEventListener('click', () => {
  laid = chosen;
  void act({ action: 'lay-card', person: chosen?.id ?? '' });
});
onClick('lay-bus-card', () => ({ action: 'lay-bus-card' }));
onClick('lift-card', () => ({ action: 'lift-card' }));
onClick('report-loss', () => ({ action: 'report-loss', person: chosen?.id ?? '' }));
showCode('show-fresh', 'fresh', '随申码');
showCode('show-again', 'again', '用过的码');
showCode('show-old', 'old', '过期的码');
showCode('show-foreign', 'foreign', '别处的码');
showCode('show-paper', 'paper', '离线码');
onClick('remove-code', () => ({ action: 'remove-code' }));
onClick('take-paper', () => ({ action: 'take-paper' }));
onClick('paper-out', () => ({
  action: 'paper',
  state: state?.printer?.paper === 'out' ? 'full' : 'out',
}));
onClick('paper-low', () => ({
  action: 'paper',
  state: state?.printer?.paper === 'low' ? 'full' : 'low',
}));
onClick('cover', () => ({ action: 'cover', open: state?.printer?.cover !== 'open' }));
onClick('jam', () => ({
  action: 'jam',
  jammed: !(state?.printer?.jammed === true || state?.printer?.cutter === 'jammed'),
}));
onClick('power-cycle', () => ({ action: 'power-cycle' }));
onClick('network', () => ({ action: 'network', away: state?.networkAway !== true }));
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-plug]')) {
  const device = button.dataset['plug'] as 'reader' | 'scanner' | 'printer';
  button.addEventListener('click', () => {
    void act({ action: 'plug', device, in: state?.[device]?.pluggedIn === false });
  });
}
element('closer').addEventListener('click', () => elementOf('closer', HTMLDialogElement).close());

const people = await ask<PersonOfBench[]>('/api/people');
listPeople(people ?? [], (person) => {
  chosen = person;
});
for (;;) {
  await refresh();
  await sleep(systemClock, REFRESH_MS);
}
