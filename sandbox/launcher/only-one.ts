import { createConnection, createServer } from 'node:net';
import { rmSync } from 'node:fs';

/**
 * Holds a socket file for as long as this process lives. Resolves to what the one that runs already says of itself, or to
 * undefined when there was none and we hold it now.
 */
export async function holdOrAsk(socketPath: string, message: () => string): Promise<string | undefined> {
  const running = await ask(socketPath);
  if (running !== undefined) return running;
  rmSync(socketPath, { force: true });
  const server = createServer((socket) => {
    socket.end(message());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      resolve();
    });
  });
  server.unref();
  return undefined;
}

function ask(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = createConnection(socketPath);
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('end', () => {
      resolve(said);
    });
    socket.on('error', () => {
      resolve(undefined);
    });
  });
}
