import { useState, type MouseEvent, type PointerEvent, type ReactNode } from 'react';
import type { Choice } from '../view/kiosk-view.ts';
import type { Box } from './press-arbiter.ts';
import { useKiosk } from './kiosk-context.ts';

function boxOf(element: Element): Box {
  return element.getBoundingClientRect();
}

function neighboursOf(element: Element): Box[] {
  return [...document.querySelectorAll('[data-choice]')].filter((other) => other !== element).map(boxOf);
}

/**
 * The one kind of key on the glass; it sends its choice, and is not drawn while the view does not offer it.
 * `click` only counts from keyboards (`detail` 0): a finger is followed by pointer events, see PressArbiter.
 */
export function PressButton(props: { choice: Choice; className: string; children: ReactNode }): ReactNode {
  const { arbiter, screenKey, offered, choose } = useKiosk();
  const [pressed, setPressed] = useState(false);
  if (!offered.has(props.choice)) return null;
  const control = `${screenKey}/${props.choice}`;

  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    const key = event.currentTarget;
    const finger = { pointerId: event.pointerId, first: event.isPrimary };
    if (!arbiter.down(control, finger, boxOf(key), neighboursOf(key))) return;
    key.setPointerCapture(event.pointerId);
    setPressed(true);
  };
  const onPointerUp = (event: PointerEvent<HTMLButtonElement>) => {
    const isPress = arbiter.up(control, event.pointerId, event.clientX, event.clientY);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setPressed(false);
    if (isPress) choose(props.choice);
  };
  const onPointerLost = (event: PointerEvent<HTMLButtonElement>) => {
    arbiter.cancel(event.pointerId);
    setPressed(false);
  };
  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail === 0 && arbiter.activate(control)) choose(props.choice);
  };
  return (
    <button
      type="button"
      className={pressed ? `${props.className} is-pressed` : props.className}
      data-choice={props.choice}
      onPointerDown={onPointerDown}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerLost}
      onLostPointerCapture={onPointerLost}
      onClick={onClick}
    >
      {props.children}
    </button>
  );
}
