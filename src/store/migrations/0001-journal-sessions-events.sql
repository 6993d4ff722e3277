-- The journal of unfinished operations. Nothing personal: ids, states, counters, a keyed hash.
CREATE TABLE journal (
  op_id          TEXT    NOT NULL PRIMARY KEY CHECK (length(op_id) = 36),
  kind           TEXT    NOT NULL CHECK (kind IN ('apply', 'reissue')),
  state          TEXT    NOT NULL CHECK (state IN ('INTENT', 'RESERVED', 'PRINTING', 'PRINTED', 'ACTIVATING',
                                                   'ACTIVE', 'FOOTER', 'DONE', 'DONE_U', 'VOIDING')),
  base_epoch     INTEGER,
  token_hash     TEXT,
  process_id     TEXT    CHECK (length(process_id) = 4),
  evidence       TEXT    CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
  reason         TEXT    CHECK (reason IN ('reserve-unknown', 'print-failed', 'print-unknown', 'evidence-too-weak',
                                           'activation-refused', 'activation-unknown', 'footer-not-printed',
                                           'cancelled', 'interrupted', 'orphan')),
  delivery       TEXT    CHECK (delivery IN ('cut', 'unconfirmed')),
  paper_debt     TEXT    NOT NULL CHECK (paper_debt IN ('none', 'void-mark', 'cut')),
  centre_settled INTEGER NOT NULL CHECK (centre_settled IN (0, 1)),
  created_at_ms  INTEGER NOT NULL,
  updated_at_ms  INTEGER NOT NULL
) STRICT;

-- The same pairs as the transition table of the issuance room, spelt out; a test compares the two.
CREATE TRIGGER journal_insert BEFORE INSERT ON journal
WHEN NEW.state NOT IN ('INTENT', 'VOIDING')
BEGIN
  SELECT RAISE(ABORT, 'journal: no such beginning');
END;

CREATE TRIGGER journal_move BEFORE UPDATE ON journal
WHEN NEW.op_id <> OLD.op_id OR NEW.kind <> OLD.kind OR NOT (
     (OLD.state = 'INTENT'     AND NEW.state IN ('RESERVED', 'VOIDING'))
  OR (OLD.state = 'RESERVED'   AND NEW.state IN ('PRINTING', 'VOIDING'))
  OR (OLD.state = 'PRINTING'   AND NEW.state IN ('PRINTED', 'VOIDING'))
  OR (OLD.state = 'PRINTED'    AND NEW.state IN ('ACTIVATING', 'VOIDING'))
  OR (OLD.state = 'ACTIVATING' AND NEW.state IN ('ACTIVE', 'VOIDING'))
  OR (OLD.state = 'ACTIVE'     AND NEW.state IN ('FOOTER', 'VOIDING'))
  OR (OLD.state = 'FOOTER'     AND NEW.state IN ('DONE', 'DONE_U', 'VOIDING'))
  OR (OLD.state = 'DONE'       AND NEW.state IN ('DONE', 'DONE_U'))
  OR (OLD.state = 'DONE_U'     AND NEW.state = 'DONE_U')
  OR (OLD.state = 'VOIDING'    AND NEW.state = 'VOIDING')
)
BEGIN
  SELECT RAISE(ABORT, 'journal: no such move');
END;

CREATE TRIGGER journal_close BEFORE DELETE ON journal
WHEN OLD.state NOT IN ('INTENT', 'DONE', 'DONE_U', 'VOIDING')
BEGIN
  SELECT RAISE(ABORT, 'journal: no such end');
END;

-- One row per person at the kiosk. Plain columns say how it went; sealed ones are readable only with a key that lives in
-- memory for as long as the session, and are gone when it ends.
CREATE TABLE sessions (
  session_id               TEXT    NOT NULL PRIMARY KEY CHECK (length(session_id) = 36),
  epoch                    INTEGER NOT NULL,
  method                   TEXT    CHECK (method IN ('id-card', 'suishen-code')),
  state                    TEXT    NOT NULL CHECK (state IN ('open', 'closed')),
  operation                TEXT    CHECK (length(operation) = 36),
  outcome                  TEXT,
  started_at_ms            INTEGER NOT NULL,
  ended_at_ms              INTEGER,
  duration_ms              INTEGER,
  sealed_proof             BLOB,
  sealed_subject_token     BLOB,
  sealed_identification_id BLOB,
  sealed_token             BLOB,
  sealed_short_code        BLOB,
  sealed_masked_name       BLOB,
  sealed_full_name         BLOB,
  sealed_photo_ref         BLOB
) STRICT;

-- Newest events of the typed catalogue; a ring, the oldest go first.
CREATE TABLE events (
  id    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  type  TEXT    NOT NULL,
  data  TEXT    NOT NULL
) STRICT;

CREATE TABLE settings (
  name  TEXT    NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
