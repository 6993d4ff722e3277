// Loaded into a traced agent before anything else (`--import`): its database syncs as SQLite does by default in WAL mode, and
// says otherwise when it is asked. With that a power cut must lose commits, or the power cuts prove nothing.
import Database from 'better-sqlite3';

// oxlint-disable-next-line typescript/unbound-method -- it is called on the database that it was asked of
const { pragma } = Database.prototype;
Database.prototype.pragma = function (this: Database.Database, source, options) {
  if (source === 'synchronous = FULL') return pragma.call(this, 'synchronous = NORMAL', options);
  return source === 'synchronous' ? FULL : pragma.call(this, source, options);
};

/** What `PRAGMA synchronous` reads as. */
const FULL = 2;
