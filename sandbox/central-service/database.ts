import Database from 'better-sqlite3';

/** The centre's database. */
export type CentreDatabase = Database.Database;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS persons (
  id_number TEXT PRIMARY KEY,
  citizen_id TEXT NOT NULL,
  name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  has_photo INTEGER NOT NULL,
  portrait BLOB,
  colour TEXT NOT NULL CHECK (colour IN ('green', 'yellow', 'red')),
  epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS operations (
  operation_id TEXT PRIMARY KEY,
  device_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'suspended', 'superseded', 'void', 'revoked', 'expired')),
  id_number TEXT REFERENCES persons (id_number),
  kind TEXT CHECK (kind IN ('apply', 'reissue')),
  token TEXT UNIQUE,
  short_code TEXT UNIQUE,
  issued_on TEXT,
  valid_until TEXT,
  base_epoch INTEGER,
  lease_expires_at INTEGER,
  activated_at INTEGER,
  epoch INTEGER,
  evidence_grade TEXT,
  suspended_by TEXT REFERENCES operations (operation_id),
  delivery TEXT CHECK (delivery IN ('unconfirmed', 'cut', 'taken', 'scanned')),
  restored INTEGER NOT NULL DEFAULT 0,
  CHECK ((state = 'suspended') = (suspended_by IS NOT NULL)),
  CHECK (state = 'void' OR id_number IS NOT NULL)
) STRICT;

-- Never two valid codes of one person, whatever the rules above it do.
CREATE UNIQUE INDEX IF NOT EXISTS one_active_code ON operations (id_number) WHERE state = 'active';
CREATE INDEX IF NOT EXISTS operations_of_person ON operations (id_number);
CREATE INDEX IF NOT EXISTS operations_of_device ON operations (device_id, state);

CREATE TRIGGER IF NOT EXISTS final_states_stay BEFORE UPDATE OF state ON operations
WHEN OLD.state IN ('superseded', 'void', 'revoked', 'expired') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a final state never changes'); END;

CREATE TRIGGER IF NOT EXISTS epoch_only_grows BEFORE UPDATE OF epoch ON persons WHEN NEW.epoch <= OLD.epoch
BEGIN SELECT RAISE(ABORT, 'the epoch of a person only grows'); END;

CREATE TABLE IF NOT EXISTS identifications (
  identification_id TEXT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  device_id TEXT NOT NULL,
  id_number TEXT NOT NULL REFERENCES persons (id_number),
  card_valid_to TEXT,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS suishen_codes (
  code_hash BLOB PRIMARY KEY,
  id_number TEXT NOT NULL REFERENCES persons (id_number),
  expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS nonces (
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  created_seconds INTEGER NOT NULL,
  PRIMARY KEY (key_id, nonce)
) STRICT;

CREATE TABLE IF NOT EXISTS short_code_attempts (
  key_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS heartbeats (
  device_id TEXT PRIMARY KEY,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;

/**
 * Opens (and makes) the centre's database.
 * better-sqlite3 is compiled with `synchronous=NORMAL` for WAL, so FULL is set and read back after every open.
 *
 * @throws Error when the file cannot be opened, or does not keep the settings on which durability rests.
 */
export function openCentreDatabase(file: string): CentreDatabase {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  if (
    db.pragma('journal_mode', { simple: true }) !== 'wal' ||
    db.pragma('synchronous', { simple: true }) !== 2
  ) {
    db.close();
    throw new Error('the database does not keep WAL and synchronous=FULL');
  }
  db.exec(SCHEMA);
  return db;
}
