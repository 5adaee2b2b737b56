-- What all servers over one database share.
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- People and campaigns.
CREATE TABLE unit (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE TABLE officer (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,
  role TEXT NOT NULL, ended BOOLEAN NOT NULL
) WITHOUT ROWID;
CREATE TABLE assignment (
  officer TEXT NOT NULL, campaign TEXT NOT NULL, unit TEXT NOT NULL, role TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  PRIMARY KEY (officer, campaign, unit, role)
) WITHOUT ROWID;
CREATE TABLE family (id INTEGER PRIMARY KEY);
CREATE TABLE device (
  id TEXT PRIMARY KEY, officer TEXT NOT NULL, family INTEGER NOT NULL REFERENCES family (id),
  name TEXT NOT NULL, platform TEXT NOT NULL, public_key BLOB NOT NULL, office BOOLEAN NOT NULL,
  enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX device_family ON device (family);
CREATE TABLE enrolment (
  hash BLOB PRIMARY KEY, officer TEXT NOT NULL, created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, device TEXT NOT NULL, key_hash BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE assertion (
  device TEXT NOT NULL, jti TEXT NOT NULL, expires_ms INTEGER NOT NULL, PRIMARY KEY (device, jti)
) WITHOUT ROWID;
CREATE INDEX assertion_expires ON assertion (expires_ms);
CREATE TABLE campaign (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, title TEXT NOT NULL, theme TEXT NOT NULL,
  year INTEGER NOT NULL, zone TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
  active_from TEXT NOT NULL, active_to TEXT NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL,
  rules INTEGER NOT NULL, building INTEGER NOT NULL, templates TEXT NOT NULL,
  amendment INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE rules (
  campaign TEXT NOT NULL, version INTEGER NOT NULL, zone TEXT NOT NULL, first_day TEXT NOT NULL,
  last_day TEXT NOT NULL, templates TEXT NOT NULL, created_ms INTEGER NOT NULL,
  PRIMARY KEY (campaign, version)
) WITHOUT ROWID;
CREATE TABLE template (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, yaml TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE handin (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, campaign TEXT NOT NULL, item TEXT NOT NULL,
  due_ms INTEGER NOT NULL, recipient TEXT NOT NULL, copy_to TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE task (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, campaign TEXT NOT NULL, number INTEGER NOT NULL,
  work TEXT NOT NULL, unit TEXT NOT NULL, partners TEXT NOT NULL, person TEXT NOT NULL,
  leader TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reminder (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, campaign TEXT NOT NULL, unit TEXT NOT NULL,
  text TEXT NOT NULL, done BOOLEAN NOT NULL
) WITHOUT ROWID;
CREATE TABLE duty (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, campaign TEXT NOT NULL, day TEXT NOT NULL,
  name TEXT NOT NULL, post TEXT NOT NULL, phone TEXT NOT NULL, mobile TEXT NOT NULL
) WITHOUT ROWID;

-- Change logs: bytes as sent, hashes, and what became of each line.
CREATE TABLE log (
  no INTEGER PRIMARY KEY, device TEXT NOT NULL REFERENCES device (id), epoch TEXT NOT NULL,
  family INTEGER NOT NULL, next INTEGER NOT NULL, head BLOB NOT NULL, after_log INTEGER NOT NULL,
  after_seq INTEGER NOT NULL, after_raw TEXT NOT NULL, wall_ms INTEGER NOT NULL,
  offset_ms INTEGER NOT NULL, log_next INTEGER NOT NULL, photos_pending INTEGER NOT NULL,
  acked INTEGER NOT NULL, created_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
  behind BOOLEAN NOT NULL, forked BOOLEAN NOT NULL, UNIQUE (device, epoch)
);
CREATE INDEX log_family ON log (family);
CREATE TABLE batch (
  log_no INTEGER NOT NULL, first INTEGER NOT NULL, header BLOB NOT NULL,
  receipt_ms INTEGER NOT NULL, offset_ms INTEGER NOT NULL, PRIMARY KEY (log_no, first)
) WITHOUT ROWID;
CREATE TABLE line (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL, raw BLOB NOT NULL, h BLOB NOT NULL,
  status INTEGER NOT NULL, cause TEXT NOT NULL, scope_no INTEGER NOT NULL,
  scope_seq INTEGER NOT NULL, version INTEGER NOT NULL, rules INTEGER NOT NULL,
  late BOOLEAN NOT NULL, PRIMARY KEY (log_no, seq)
) WITHOUT ROWID;
CREATE TABLE moved (
  family INTEGER NOT NULL, origin BLOB NOT NULL, log_no INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (family, origin, log_no, seq)
) WITHOUT ROWID;
CREATE TABLE held (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL, family INTEGER NOT NULL, scope TEXT NOT NULL,
  kind TEXT NOT NULL, id TEXT NOT NULL, wait_for TEXT NOT NULL, cause TEXT NOT NULL,
  writes BOOLEAN NOT NULL, effective_ms INTEGER NOT NULL, receipt_ms INTEGER NOT NULL,
  PRIMARY KEY (log_no, seq)
) WITHOUT ROWID;
CREATE INDEX held_record ON held (scope, kind, id);
CREATE INDEX held_family ON held (family);
CREATE INDEX held_wait ON held (scope, wait_for) WHERE wait_for <> '';

-- What is now true.
CREATE TABLE scope (
  no INTEGER PRIMARY KEY, campaign TEXT NOT NULL, unit TEXT NOT NULL, seq INTEGER NOT NULL,
  state TEXT NOT NULL, rules INTEGER NOT NULL, building INTEGER NOT NULL, UNIQUE (campaign, unit)
);
CREATE TABLE record (
  scope_no INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, deleted BOOLEAN NOT NULL, review TEXT NOT NULL,
  state BLOB NOT NULL, data BLOB NOT NULL, counts BLOB NOT NULL, UNIQUE (scope_no, kind, id)
);
CREATE INDEX record_seq ON record (scope_no, seq);

-- Sums, kept by retract and add.
CREATE TABLE total (
  campaign TEXT NOT NULL, rules INTEGER NOT NULL, template TEXT NOT NULL, row TEXT NOT NULL,
  unit TEXT NOT NULL, reported INTEGER NOT NULL, reported_n INTEGER NOT NULL,
  accepted INTEGER NOT NULL, accepted_n INTEGER NOT NULL,
  PRIMARY KEY (campaign, rules, template, row, unit)
) WITHOUT ROWID;
CREATE TABLE distinct_key (
  campaign TEXT NOT NULL, rules INTEGER NOT NULL, template TEXT NOT NULL, row TEXT NOT NULL,
  unit TEXT NOT NULL, key TEXT NOT NULL, reported INTEGER NOT NULL, accepted INTEGER NOT NULL,
  PRIMARY KEY (campaign, rules, template, row, unit, key)
) WITHOUT ROWID;
CREATE TABLE snapshot (
  campaign TEXT NOT NULL, number INTEGER NOT NULL, template TEXT NOT NULL, created_ms INTEGER NOT NULL,
  sha256 TEXT NOT NULL, reason TEXT NOT NULL, csv BLOB NOT NULL,
  PRIMARY KEY (campaign, number, template)
) WITHOUT ROWID;
