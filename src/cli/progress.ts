import { systemClock } from '../platform/clock.ts';
import { cutTo } from './terminal.ts';

const SECOND_MS = 1_000;
/** Two before the sentence, one behind the count, and the unit may be Chinese. */
const SPARE_COLUMNS = 5;

/** Where something that takes its time can be seen to go on. */
export interface Progress {
  /** Shows this sentence and a count of seconds from the first second on, until `end`. */
  begin(sentence: string): void;
  /** Takes it away again. */
  end(): void;
}

/** On a terminal a line that counts; elsewhere nothing is shown, because nothing could be taken away again. */
export function progressOn(stream: NodeJS.WriteStream, second: string): Progress {
  let cancel = () => {};
  let shown = false;
  const end = () => {
    cancel();
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  };
  return {
    begin(sentence) {
      end();
      if (!stream.isTTY) return;
      let seconds = 0;
      const count = () => {
        seconds += 1;
        const counted = `… ${seconds} ${second}`;
        // A line that wraps could not be taken away again.
        const room = stream.columns - counted.length - SPARE_COLUMNS;
        stream.write(`\r\u001B[K  ${cutTo(sentence, room)}${counted}`);
        shown = true;
        cancel = systemClock.schedule(SECOND_MS, count);
      };
      cancel = systemClock.schedule(SECOND_MS, count);
    },
    end,
  };
}

/** Shows at once that something goes on, elsewhere than on a terminal by a line; returns what ends it. */
export function showProgress(stream: NodeJS.WriteStream, sentence: string, second: string): () => void {
  if (!stream.isTTY) {
    stream.write(`${sentence}…\n`);
    return () => {};
  }
  const progress = progressOn(stream, second);
  stream.write(`\r\u001B[K  ${cutTo(sentence, stream.columns - SPARE_COLUMNS)}…`);
  progress.begin(sentence);
  return () => {
    progress.end();
    stream.write('\r\u001B[K');
  };
}
