import type { ReactNode } from 'react';

/** One line on the glass for each sentence, so that nobody has to find where one ends. */
export function Sentences(props: { text: string; className?: string }): ReactNode {
  const sentences = props.text.split(/(?<=[。？])|(?<=[.?])\s+/u).filter((sentence) => sentence !== '');
  return (
    <p className={props.className ?? 'body'}>
      {sentences.map((sentence) => (
        <span className="sentence" key={sentence}>
          {sentence}
        </span>
      ))}
    </p>
  );
}
