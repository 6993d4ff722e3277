import type { ReactNode } from 'react';

/** Steps to be taken one after the other, each with its number. */
export function Lessons(props: { lessons: readonly string[] }): ReactNode {
  return (
    <ol className="lessons">
      {props.lessons.map((lesson, index) => (
        <li key={lesson}>
          <span className="lesson-number">{index + 1}</span>
          <span className="lesson-text">{lesson}</span>
        </li>
      ))}
    </ol>
  );
}
