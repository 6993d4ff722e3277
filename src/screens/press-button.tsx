import { useState, type MouseEvent, type PointerEvent, type ReactNode } from 'react';
import type { Choice } from '../view/kiosk-view.ts';
import type { Box } from './press-arbiter.ts';
import { useKiosk } from './kiosk-context.ts';

function boxOf(element: Element): Box {
  return element.getBoundingClientRect();
}

function neighboursOf(element: Element): Box[] {
  return [...document.querySelectorAll('.key, [data-choice]')]
    .filter((other) => other !== element)
    .map(boxOf);
}

/** A key that sends its choice; it is not drawn while the view does not offer it. */
export function PressButton(props: { choice: Choice; className: string; children: ReactNode }): ReactNode {
  const { offered, choose } = useKiosk();
  const { choice, className, children } = props;
  if (!offered.has(choice)) return null;
  const onPress = () => {
    choose(choice);
  };
  return <PressKey {...{ name: choice, choice, className, onPress, children }} />;
}

/**
 * The one kind of key on the glass. `click` only counts from keyboards (`detail` 0): a finger is followed by pointer events, see
 * PressArbiter.
 */
export function PressKey(props: {
  /** Tells it from the other keys of the screen. */
  name: string;
  choice?: Choice;
  className: string;
  /** Of keys to choose from: this is how things are now. */
  current?: boolean;
  onPress: () => void;
  children: ReactNode;
}): ReactNode {
  const { arbiter, screenKey, tick, pageKeyPressed } = useKiosk();
  const [pressed, setPressed] = useState(false);
  const control = `${screenKey}/${props.name}`;

  const press = () => {
    if (props.choice === undefined) pageKeyPressed();
    props.onPress();
  };
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    const key = event.currentTarget;
    const finger = { pointerId: event.pointerId, first: event.isPrimary };
    if (!arbiter.down(control, finger, boxOf(key), neighboursOf(key))) return;
    key.setPointerCapture(event.pointerId);
    setPressed(true);
    tick();
  };
  const onPointerUp = (event: PointerEvent<HTMLButtonElement>) => {
    const isPress = arbiter.up(control, event.pointerId, event.clientX, event.clientY);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setPressed(false);
    if (isPress) press();
  };
  const onPointerLost = (event: PointerEvent<HTMLButtonElement>) => {
    arbiter.cancel(event.pointerId);
    setPressed(false);
  };
  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail === 0 && arbiter.activate(control)) press();
  };
  return (
    <button
      type="button"
      className={pressed ? `${props.className} is-pressed` : props.className}
      data-choice={props.choice}
      aria-current={props.current === true ? true : undefined}
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
