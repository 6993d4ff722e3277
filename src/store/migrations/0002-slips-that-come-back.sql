-- A slip that nobody took can go back into the machine, and deliveries are told as finely as the centre knows them. SQLite
-- cannot widen a CHECK, so the journal is made anew around its rows; the triggers come last, because they refuse rows that
-- are already under way.
DROP TRIGGER journal_insert;
DROP TRIGGER journal_move;
DROP TRIGGER journal_close;
ALTER TABLE journal RENAME TO journal_of_0001;

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
                                           'activation-refused', 'activation-unknown', 'footer-not-printed', 'retracted',
                                           'cancelled', 'interrupted', 'orphan')),
  delivery       TEXT    CHECK (delivery IN ('unconfirmed', 'cut', 'taken', 'scanned')),
  paper_debt     TEXT    NOT NULL CHECK (paper_debt IN ('none', 'void-mark', 'cut')),
  centre_settled INTEGER NOT NULL CHECK (centre_settled IN (0, 1)),
  created_at_ms  INTEGER NOT NULL,
  updated_at_ms  INTEGER NOT NULL
) STRICT;

INSERT INTO journal SELECT * FROM journal_of_0001 ORDER BY rowid;
DROP TABLE journal_of_0001;

-- The same pairs as the transition table of the issuance room, spelt out; a test compares the two.
CREATE TRIGGER journal_insert BEFORE INSERT ON journal
WHEN NEW.state NOT IN ('INTENT', 'VOIDING')
BEGIN
  SELECT RAISE(ABORT, 'journal: no such beginning');
END;

-- What is done is void only while the centre was told of no delivery: afterwards it would refuse.
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
  OR (OLD.state = 'DONE'       AND NEW.state = 'VOIDING' AND OLD.delivery IS NULL)
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
