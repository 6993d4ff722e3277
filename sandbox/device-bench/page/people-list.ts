import { element, type PersonOfBench } from './bench-state.ts';

/** A portrait, or a grey field for who has none. */
export function portraitOf(person: PersonOfBench): HTMLElement {
  if (!person.hasPhoto) {
    const none = document.createElement('span');
    none.className = 'no-photo';
    none.textContent = '无照片';
    return none;
  }
  const image = document.createElement('img');
  image.src = `/api/people/${person.id}/portrait.png`;
  image.alt = '';
  image.loading = 'lazy';
  return image;
}

/** Lists the people; the chosen one's card is shown above. */
export function listPeople(
  people: readonly PersonOfBench[],
  onChoice: (person: PersonOfBench) => void,
): void {
  const buttons = people.map((person) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['person'] = person.id;
    const words = document.createElement('span');
    words.append(made('b', person.name), made('small', person.about));
    button.append(portraitOf(person), words);
    button.addEventListener('click', () => choose(person));
    return button;
  });
  const choose = (person: PersonOfBench) => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['person'] === person.id));
    }
    element('id-card').replaceChildren(...cardParts(person));
    onChoice(person);
  };
  element('people').replaceChildren(...buttons);
  const first = people[0];
  if (first) choose(first);
}

function cardParts(person: PersonOfBench): HTMLElement[] {
  const list = document.createElement('dl');
  const rows: readonly [string, string, string?][] = [
    ['姓名', person.name, 'name'],
    ['性别', person.sex],
    ['出生', person.born],
    ['住址', person.address],
  ];
  for (const [label, text, kind] of rows) {
    const value = made('dd', text);
    if (kind !== undefined) value.className = kind;
    list.append(made('dt', label), value);
  }
  const number = made('div', '');
  number.className = 'number';
  number.append(made('span', '公民身份号码'), person.idNumber);
  const specimen = made('div', '虚构人物 · 样卡');
  specimen.className = 'specimen';
  return [list, portraitOf(person), number, specimen];
}

function made(tag: string, text: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
