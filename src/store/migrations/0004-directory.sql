-- What the centre last said of other terminals and of notices, for days without network: JSON as it was read, and recordings by
-- the SHA-256 of their bytes. Nothing personal.
CREATE TABLE directory (
  name           TEXT    NOT NULL CHECK (name IN ('terminals', 'notices')),
  content        TEXT    NOT NULL CHECK (json_valid(content)),
  fetched_at_ms  INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice_recordings (
  sha256  TEXT NOT NULL CHECK (length(sha256) = 64),
  sound   BLOB NOT NULL,
  PRIMARY KEY (sha256)
) STRICT;
