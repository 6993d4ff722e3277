import { CITIZEN_LANGUAGES, LANGUAGE_NAMES } from '../../src/copy/citizen-languages.ts';
import { GALLERY_VIEWS } from './views.ts';

const PANEL = { portrait: [1080, 1920], landscape: [1920, 1080] } as const;

const list = element('views');
const glass = element('glass') as HTMLIFrameElement;
const setting = element('setting') as HTMLFormElement;
const names = Object.keys(GALLERY_VIEWS);
let shown = 0;

for (const [index, name] of names.entries()) {
  const button = document.createElement('button');
  button.textContent = name;
  button.addEventListener('click', () => {
    show(index);
  });
  const item = document.createElement('li');
  item.append(button);
  list.append(item);
}
for (const language of CITIZEN_LANGUAGES)
  setting.querySelector('select')?.add(new Option(LANGUAGE_NAMES[language].full, language));
document.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  show((shown + step + names.length) % names.length);
});
setting.addEventListener('change', () => {
  show(shown);
});
window.addEventListener('resize', fit);
show(0);

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

function isSet(what: 'landscape' | 'large'): boolean {
  return new FormData(setting).has(what);
}

function show(index: number): void {
  shown = index;
  const name = names[index] ?? '';
  for (const [at, button] of [...list.querySelectorAll('button')].entries())
    button.setAttribute('aria-current', String(at === index));
  list.children[index]?.scrollIntoView({ block: 'nearest' });
  element('name').textContent = name;
  fit();
  const asked = new URLSearchParams({
    view: name,
    size: isSet('large') ? 'large' : 'standard',
    language: setting.querySelector('select')?.value ?? '',
  });
  glass.src = `./screen.html?${asked}`;
}

/** The panel in its own size, made as small as the window needs. */
function fit(): void {
  const [width, height] = PANEL[isSet('landscape') ? 'landscape' : 'portrait'];
  const { clientWidth } = document.querySelector('main') ?? document.body;
  const room = window.innerHeight - setting.offsetHeight - 24;
  glass.width = String(width);
  glass.height = String(height);
  glass.style.transform = `scale(${Math.min(1, (clientWidth - 48) / width, room / height)})`;
}
