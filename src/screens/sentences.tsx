import type { ReactNode } from 'react';

/** One line on the glass for each sentence, so that nobody has to find where one ends. */
export function Sentences(props: {
  text: string;
  className?: string;
  /** They may change while the screen stays, and a screen reader is to say so. */
  changing?: boolean;
}): ReactNode {
  const sentences = props.text.split(/(?<=[。？])|(?<=[.?])\s+/u).filter((sentence) => sentence !== '');
  return (
    <p className={props.className ?? 'body'} role={props.changing === true ? 'status' : undefined}>
      {sentences.map((sentence) => (
        <span className="sentence" key={sentence}>
          {sentence}
        </span>
      ))}
    </p>
  );
}
