import type { agentStart as chinese } from '../zh-cn/agent-start.ts';

/** Why the agent does not start, or is not as safe as it should be, in English. */
export const agentStart: typeof chinese = {
  usage: 'usage: agent --config kiosk.toml [--verbose]',
  fileUnreadable: (file) => `${file} cannot be read: it is not there, or may not be read`,
  notAKey: (file) => `${file} holds no Ed25519 private key (PEM, PKCS#8)`,
  notACertificate: (file) => `${file} holds no usable certificate (PEM)`,
  keyId: 'the key id is printable ASCII without spaces',
  inUse: (directory) =>
    `another agent is using ${directory}; stop it first, or give this one a data directory of its own`,
  newer: (found, known) =>
    `the database was written by a newer program (version ${found}, this one knows ${known}); install the newer program again`,
  unsafe: (pragmas) => `this SQLite cannot keep data safe (${pragmas}) and is not used`,
  unavailable: (directory, code) =>
    `the data directory ${directory} cannot be used (${code}); look at disk space and permissions`,
  portTaken: (port) => `127.0.0.1:${port} is taken by another program; stop it, or change bridge.port`,
  socketTaken: (file) => `another agent answers at ${file}; stop it, or change bridge.socketPath`,
  cannotListen: (code) => `the local service for the screen cannot be opened (${code})`,
  coreFiles:
    'core files cannot be forbidden (no prlimit); set LimitCORE=0 in the service, or install util-linux',
};
