-- Sign-in of the office: passwords, failed attempts, sessions.
CREATE TABLE credential (
  officer TEXT COLLATE "C" PRIMARY KEY, login TEXT COLLATE "C" NOT NULL UNIQUE, hash TEXT COLLATE "C" NOT NULL,
  must_change BOOLEAN NOT NULL, changed_ms BIGINT NOT NULL
);
CREATE TABLE login_failure (
  login TEXT COLLATE "C" PRIMARY KEY, count BIGINT NOT NULL, until_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL
);
CREATE INDEX login_failure_last ON login_failure (last_ms);
CREATE TABLE session (
  id TEXT COLLATE "C" PRIMARY KEY, officer TEXT COLLATE "C" NOT NULL, generation BIGINT NOT NULL, rotated_ms BIGINT NOT NULL,
  created_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL,
  ended_ms BIGINT NOT NULL, ended_why TEXT COLLATE "C" NOT NULL, agent TEXT COLLATE "C" NOT NULL
);
CREATE INDEX session_officer ON session (officer);

-- What lists need to know of each record: derived from it and written with it. Every page that a push
-- touches is synced with it, so the key keeps a push's kinds together and pages of events have indexes of
-- their own.
CREATE TABLE listing (
  scope_no BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, campaign TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  sort_ms BIGINT NOT NULL, review TEXT COLLATE "C" NOT NULL, flags BIGINT NOT NULL, parent TEXT COLLATE "C" NOT NULL, marks TEXT COLLATE "C" NOT NULL,
  likeness TEXT COLLATE "C" NOT NULL, find TEXT COLLATE "C" NOT NULL, PRIMARY KEY (scope_no, id, kind)
);
CREATE INDEX listing_page ON listing (campaign, unit, sort_ms, id) INCLUDE (review, flags) WHERE kind = 'event';
CREATE INDEX listing_time ON listing (campaign, sort_ms, id) INCLUDE (unit, review, flags) WHERE kind = 'event';
CREATE INDEX listing_conflict ON listing (campaign, kind, sort_ms, id) WHERE flags & 8 <> 0;
CREATE INDEX listing_twin ON listing (campaign) WHERE kind = 'event' AND flags & 32 <> 0;
CREATE INDEX listing_likeness ON listing (campaign, likeness) INCLUDE (unit, scope_no) WHERE likeness <> '';
CREATE INDEX listing_parent ON listing (scope_no, parent) WHERE parent <> '';

-- Each line of the office's logs, by what it is about.
CREATE TABLE audit (
  log_no BIGINT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL, officer TEXT COLLATE "C" NOT NULL, op TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, PRIMARY KEY (log_no, seq)
);
CREATE INDEX audit_at ON audit (at_ms, log_no, seq);
CREATE INDEX audit_about ON audit (kind, id);
CREATE INDEX audit_campaign ON audit (campaign, at_ms);

-- What units handed in.
CREATE TABLE receipt (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, campaign TEXT COLLATE "C" NOT NULL, handin TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  electronic_ms BIGINT NOT NULL, paper_ms BIGINT NOT NULL, note TEXT COLLATE "C" NOT NULL
);
CREATE INDEX receipt_campaign ON receipt (campaign, handin, unit);

-- Enrolment codes get names, so that the office can list and cancel them.
ALTER TABLE enrolment ADD COLUMN id TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN batch TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN made_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN cancelled_ms BIGINT NOT NULL DEFAULT 0;
UPDATE enrolment SET id = gen_random_uuid()::text;
CREATE UNIQUE INDEX enrolment_id ON enrolment (id);
CREATE INDEX enrolment_officer ON enrolment (officer);
CREATE INDEX device_officer ON device (officer);
