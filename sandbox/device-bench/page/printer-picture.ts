import { element, elementOf, type PrinterState, type SlipOfBench } from './bench-state.ts';

/** Width of the paper's picture, in dots (80 mm paper) and on the page, in CSS pixels. */
const PAPER_DOTS = 640;
const PAPER_PX = 252;

let shownDots = -1;
let shownSlips = '';

/** Draws the printer: how far the paper is out, and what came out before. */
export function drawPrinter(state: PrinterState | null, slips: readonly SlipOfBench[]): void {
  const panel = element('printer');
  const trouble = state !== null && troubleOf(state) !== undefined;
  panel.classList.toggle('cover-open', state?.cover === 'open');
  panel.classList.toggle('trouble', trouble);
  element('roll').className = `roll ${state?.paper ?? ''}`;
  drawPaper(state);
  drawSlips(slips);
}

/** What a technician would say is wrong. */
export function troubleOf(state: PrinterState): string | undefined {
  if (state.cover === 'open') return '盖子开着';
  if (state.jammed) return '卡纸';
  if (state.cutter === 'jammed') return '切刀卡住';
  return state.paper === 'out' ? '没有纸' : undefined;
}

function drawPaper(state: PrinterState | null): void {
  const image = elementOf('paper', HTMLImageElement);
  const { dots, visibleDots } = state?.sinceLastSlip ?? { dots: 0, visibleDots: 0 };
  image.hidden = visibleDots === 0;
  if (dots === shownDots) return;
  shownDots = dots;
  if (visibleDots === 0) {
    image.style.transform = 'translateY(100%)';
    return;
  }
  const next = new Image();
  next.src = `/api/paper.png?dots=${dots}`;
  void next.decode().then(
    () => {
      // The rows between head and knife are still inside; they hang below the slot's edge, where nothing is seen.
      const inside = Math.max(0, next.naturalHeight - visibleDots);
      image.src = next.src;
      image.style.transform = `translateY(${(inside * PAPER_PX) / PAPER_DOTS}px)`;
      return undefined;
    },
    () => undefined,
  );
}

function drawSlips(slips: readonly SlipOfBench[]): void {
  const key = slips.map(({ id, cutAtMs }) => `${id}@${cutAtMs}`).join();
  const box = element('slips');
  if (key === shownSlips && box.childElementCount > 0) return;
  shownSlips = key;
  if (slips.length === 0) {
    const empty = document.createElement('p');
    empty.className = 'empty';
    empty.textContent = '还没有纸出来。';
    box.replaceChildren(empty);
    return;
  }
  box.replaceChildren(...slips.map(slipButton));
}

function slipButton(slip: SlipOfBench): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.title = '放大';
  const source = `/api/slips/${slip.file}?at=${slip.cutAtMs}`;
  const frame = document.createElement('span');
  frame.className = 'frame';
  const image = new Image();
  image.src = source;
  image.alt = `第 ${slip.id} 张`;
  frame.append(image);
  const words = document.createElement('small');
  const time = new Date(slip.cutAtMs).toLocaleTimeString('zh-CN', { hour12: false });
  words.textContent = `${time}\n${slip.heightMm.toFixed(0)} mm${slip.cut ? '' : ' · 手撕'}`;
  button.append(frame, words);
  button.addEventListener('click', () => {
    const closer = elementOf('closer', HTMLDialogElement);
    const large = closer.querySelector('img');
    if (large) large.src = source;
    closer.showModal();
  });
  return button;
}
