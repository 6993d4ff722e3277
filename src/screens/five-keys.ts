const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** What is read or pressed as one, however many pieces it is made of. */
const AS_ONE = 'button, h1, h2, li, dl, img, [role="img"]';
const TITLE = 'h1, [slot="title"]';
const DIALOG = '[role="dialog"], [role="alertdialog"]';

/**
 * Everything on the glass by the five keys of a keypad (elderly-ux §5.7): ↓ and → go to the next text or key, ↑ and ← to the one
 * before, Enter presses. At the first and the last it stays: whoever cannot see feels where a screen ends. A key held down is one
 * step.
 */
export function goByFiveKeys(told: {
  /** Somebody reads on. */
  readonly stepped: () => void;
  /** Somebody went back to the title, to hear it once more. */
  readonly titleReached: () => void;
}): void {
  const { dataset } = document.documentElement;
  document.addEventListener('keydown', (event) => {
    // A finger needs no ring around the title of each screen that comes; keys do.
    dataset['hand'] = 'keys';
    const step = STEPS[event.key];
    if (step === undefined || event.defaultPrevented) return;
    event.preventDefault();
    if (event.repeat) return;
    told.stepped();
    const stop = stopFrom(step);
    if (stop === undefined) return;
    if (!(stop instanceof HTMLButtonElement)) stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
    if (stop.matches(TITLE)) told.titleReached();
  });
  document.addEventListener('pointerdown', () => {
    delete dataset['hand'];
  });
}

type Stop = HTMLElement | SVGElement;

/** Where a step leads; where nothing has the focus yet, to the title. */
function stopFrom(step: number): Stop | undefined {
  const stops = stopsIn([...document.querySelectorAll(DIALOG)].at(-1) ?? document.body);
  const at = stops.findIndex((stop) => stop === document.activeElement);
  return at < 0 ? (stops.find((stop) => stop.matches(TITLE)) ?? stops[0]) : stops[at + step];
}

/** Texts, pictures with a name, and keys, in reading order. */
function stopsIn(element: Element): readonly Stop[] {
  return [...element.children].flatMap((child) => {
    if (!isStop(child) || child.ariaHidden === 'true') return [];
    if (!child.matches(AS_ONE) && !hasWords(child)) return stopsIn(child);
    return isSeen(child) ? [child] : [];
  });
}

function isStop(element: Element): element is Stop {
  return element instanceof HTMLElement || element instanceof SVGElement;
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility();
}

function hasWords({ childNodes }: Element): boolean {
  return [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
}
