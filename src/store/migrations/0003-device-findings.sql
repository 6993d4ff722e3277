-- What probes found out about devices, by kind and unit (model, serial number, firmware as the unit tells them). Nothing personal.
CREATE TABLE device_findings (
  device       TEXT    NOT NULL CHECK (device IN ('idCardReader', 'qrScanner', 'receiptPrinter')),
  unit         TEXT    NOT NULL CHECK (length(unit) BETWEEN 1 AND 400),
  findings     TEXT    NOT NULL CHECK (json_valid(findings)),
  found_at_ms  INTEGER NOT NULL,
  PRIMARY KEY (device, unit)
) STRICT, WITHOUT ROWID;
