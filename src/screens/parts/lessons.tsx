import type { ReactNode } from 'react';
import { SmallDrawing, type SmallScene } from './device-picture.tsx';

/** A step in words, and as it looks. */
export interface Lesson {
  readonly text: string;
  readonly scene: SmallScene;
}

/** Steps to be taken one after the other, each with its number. */
export function Lessons(props: { lessons: readonly Lesson[] }): ReactNode {
  return (
    <ol className="lessons">
      {props.lessons.map(({ text, scene }, index) => (
        <li key={text}>
          <span className="lesson-number">{index + 1}</span>
          <span className="lesson-text">{text}</span>
          <SmallDrawing scene={scene} />
        </li>
      ))}
    </ol>
  );
}
