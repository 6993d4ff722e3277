import { useEffect, useRef, type ReactNode } from 'react';

/** The question or the deed of a screen. Takes the focus when the screen appears, so that it is read first. */
export function Title(props: { children: string; className?: string }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={`title ${props.className ?? ''}`}>
      {props.children}
    </h1>
  );
}
