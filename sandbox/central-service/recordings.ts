import path from 'node:path';

/** Where the recording of one paragraph lies, made by `npm run voice`; section and paragraph count from 1. */
export function recordingFile(noticeId: string, section: number, paragraph: number): string {
  return path.join(import.meta.dirname, 'recordings', `${noticeId}-${section}-${paragraph}.opus`);
}
