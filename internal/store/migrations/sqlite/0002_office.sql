-- Sign-in of the office: passwords, failed attempts, sessions.
CREATE TABLE credential (
  officer TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, hash TEXT NOT NULL,
  must_change BOOLEAN NOT NULL, changed_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE login_failure (
  login TEXT PRIMARY KEY, count INTEGER NOT NULL, until_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_failure_last ON login_failure (last_ms);
CREATE TABLE session (
  id TEXT PRIMARY KEY, officer TEXT NOT NULL, generation INTEGER NOT NULL, rotated_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
  ended_ms INTEGER NOT NULL, ended_why TEXT NOT NULL, agent TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_officer ON session (officer);

-- What lists need to know of each record: derived from it and written with it. Every page that a push
-- touches is synced with it, so the key keeps a push's kinds together and pages of events have indexes of
-- their own.
CREATE TABLE listing (
  scope_no INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, campaign TEXT NOT NULL, unit TEXT NOT NULL,
  sort_ms INTEGER NOT NULL, review TEXT NOT NULL, flags INTEGER NOT NULL, parent TEXT NOT NULL, marks TEXT NOT NULL,
  likeness TEXT NOT NULL, find TEXT NOT NULL, PRIMARY KEY (campaign, kind, sort_ms, id, scope_no),
  UNIQUE (scope_no, kind, id)
) WITHOUT ROWID;
CREATE INDEX listing_page ON listing (campaign, kind, unit, sort_ms, id, review, flags);
CREATE INDEX listing_conflict ON listing (campaign, kind, sort_ms, id) WHERE flags & 8 <> 0;
CREATE INDEX listing_twin ON listing (campaign) WHERE flags & 32 <> 0;
CREATE INDEX listing_likeness ON listing (campaign, likeness, unit) WHERE likeness <> '';
CREATE INDEX listing_parent ON listing (scope_no, parent) WHERE parent <> '';

-- Each line of the office's logs, by what it is about.
CREATE TABLE audit (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, officer TEXT NOT NULL, op TEXT NOT NULL,
  campaign TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (log_no, seq)
) WITHOUT ROWID;
CREATE INDEX audit_at ON audit (at_ms, log_no, seq);
CREATE INDEX audit_about ON audit (kind, id);
CREATE INDEX audit_campaign ON audit (campaign, at_ms);

-- What units handed in.
CREATE TABLE receipt (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, campaign TEXT NOT NULL, handin TEXT NOT NULL, unit TEXT NOT NULL,
  electronic_ms INTEGER NOT NULL, paper_ms INTEGER NOT NULL, note TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX receipt_campaign ON receipt (campaign, handin, unit);

-- Enrolment codes get names, so that the office can list and cancel them.
ALTER TABLE enrolment ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN batch TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN cancelled_ms INTEGER NOT NULL DEFAULT 0;
UPDATE enrolment SET id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
CREATE UNIQUE INDEX enrolment_id ON enrolment (id);
CREATE INDEX enrolment_officer ON enrolment (officer);
CREATE INDEX device_officer ON device (officer);
