-- What all servers over one database share.
CREATE TABLE meta (key TEXT COLLATE "C" PRIMARY KEY, value BYTEA NOT NULL);

-- People and campaigns.
CREATE TABLE unit (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, parent TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL UNIQUE
);
CREATE TABLE officer (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL, ended BOOLEAN NOT NULL
);
CREATE TABLE assignment (
  officer TEXT COLLATE "C" NOT NULL, campaign TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, role TEXT COLLATE "C" NOT NULL,
  started_ms BIGINT NOT NULL, ended_ms BIGINT NOT NULL,
  PRIMARY KEY (officer, campaign, unit, role)
);
CREATE TABLE family (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE device (
  id TEXT COLLATE "C" PRIMARY KEY, officer TEXT COLLATE "C" NOT NULL, family BIGINT NOT NULL REFERENCES family (id),
  name TEXT COLLATE "C" NOT NULL, platform TEXT COLLATE "C" NOT NULL, public_key BYTEA NOT NULL, office BOOLEAN NOT NULL,
  enrolled_ms BIGINT NOT NULL, revoked_ms BIGINT NOT NULL
);
CREATE INDEX device_family ON device (family);
CREATE TABLE enrolment (
  hash BYTEA PRIMARY KEY, officer TEXT COLLATE "C" NOT NULL, created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL, device TEXT COLLATE "C" NOT NULL, key_hash BYTEA NOT NULL
);
CREATE TABLE assertion (
  device TEXT COLLATE "C" NOT NULL, jti TEXT COLLATE "C" NOT NULL, expires_ms BIGINT NOT NULL, PRIMARY KEY (device, jti)
);
CREATE INDEX assertion_expires ON assertion (expires_ms);
CREATE TABLE campaign (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, title TEXT COLLATE "C" NOT NULL, theme TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL, zone TEXT COLLATE "C" NOT NULL, first_day TEXT COLLATE "C" NOT NULL, last_day TEXT COLLATE "C" NOT NULL,
  active_from TEXT COLLATE "C" NOT NULL, active_to TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL,
  rules BIGINT NOT NULL, building BIGINT NOT NULL, templates TEXT COLLATE "C" NOT NULL,
  amendment BIGINT NOT NULL
);
CREATE TABLE rules (
  campaign TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, zone TEXT COLLATE "C" NOT NULL, first_day TEXT COLLATE "C" NOT NULL,
  last_day TEXT COLLATE "C" NOT NULL, templates TEXT COLLATE "C" NOT NULL, created_ms BIGINT NOT NULL,
  PRIMARY KEY (campaign, version)
);
CREATE TABLE template (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, code TEXT COLLATE "C" NOT NULL UNIQUE, title TEXT COLLATE "C" NOT NULL, yaml TEXT COLLATE "C" NOT NULL
);
CREATE TABLE handin (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, campaign TEXT COLLATE "C" NOT NULL, item TEXT COLLATE "C" NOT NULL,
  due_ms BIGINT NOT NULL, recipient TEXT COLLATE "C" NOT NULL, copy_to TEXT COLLATE "C" NOT NULL
);
CREATE TABLE task (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, campaign TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL,
  work TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, partners TEXT COLLATE "C" NOT NULL, person TEXT COLLATE "C" NOT NULL,
  leader TEXT COLLATE "C" NOT NULL
);
CREATE TABLE reminder (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, campaign TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL, done BOOLEAN NOT NULL
);
CREATE TABLE duty (
  id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, campaign TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL, post TEXT COLLATE "C" NOT NULL, phone TEXT COLLATE "C" NOT NULL, mobile TEXT COLLATE "C" NOT NULL
);

-- Change logs: bytes as sent, hashes, and what became of each line.
CREATE TABLE log (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device TEXT COLLATE "C" NOT NULL REFERENCES device (id), epoch TEXT COLLATE "C" NOT NULL,
  family BIGINT NOT NULL, next BIGINT NOT NULL, head BYTEA NOT NULL, after_log BIGINT NOT NULL,
  after_seq BIGINT NOT NULL, after_raw TEXT COLLATE "C" NOT NULL, wall_ms BIGINT NOT NULL,
  offset_ms BIGINT NOT NULL, log_next BIGINT NOT NULL, photos_pending BIGINT NOT NULL,
  acked BIGINT NOT NULL, created_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,
  behind BOOLEAN NOT NULL, forked BOOLEAN NOT NULL, UNIQUE (device, epoch)
);
CREATE INDEX log_family ON log (family);
CREATE TABLE batch (
  log_no BIGINT NOT NULL, first BIGINT NOT NULL, header BYTEA NOT NULL,
  receipt_ms BIGINT NOT NULL, offset_ms BIGINT NOT NULL, PRIMARY KEY (log_no, first)
);
CREATE TABLE line (
  log_no BIGINT NOT NULL, seq BIGINT NOT NULL, raw BYTEA NOT NULL, h BYTEA NOT NULL,
  status SMALLINT NOT NULL, cause TEXT COLLATE "C" NOT NULL, scope_no BIGINT NOT NULL,
  scope_seq BIGINT NOT NULL, version BIGINT NOT NULL, rules BIGINT NOT NULL,
  late BOOLEAN NOT NULL, PRIMARY KEY (log_no, seq)
);
CREATE TABLE moved (
  family BIGINT NOT NULL, origin BYTEA NOT NULL, log_no BIGINT NOT NULL, seq BIGINT NOT NULL,
  PRIMARY KEY (family, origin, log_no, seq)
);
CREATE TABLE held (
  log_no BIGINT NOT NULL, seq BIGINT NOT NULL, family BIGINT NOT NULL, scope TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, wait_for TEXT COLLATE "C" NOT NULL, cause TEXT COLLATE "C" NOT NULL,
  writes BOOLEAN NOT NULL, effective_ms BIGINT NOT NULL, receipt_ms BIGINT NOT NULL,
  PRIMARY KEY (log_no, seq)
);
CREATE INDEX held_record ON held (scope, kind, id);
CREATE INDEX held_family ON held (family);
CREATE INDEX held_wait ON held (scope, wait_for) WHERE wait_for <> '';

-- What is now true.
CREATE TABLE scope (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, campaign TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, seq BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL, rules BIGINT NOT NULL, building BIGINT NOT NULL, UNIQUE (campaign, unit)
);
CREATE TABLE record (
  scope_no BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL, seq BIGINT NOT NULL, deleted BOOLEAN NOT NULL, review TEXT COLLATE "C" NOT NULL,
  state BYTEA NOT NULL, data BYTEA NOT NULL, counts BYTEA NOT NULL, PRIMARY KEY (scope_no, kind, id)
);
CREATE INDEX record_seq ON record (scope_no, seq);

-- Sums, kept by retract and add.
CREATE TABLE total (
  campaign TEXT COLLATE "C" NOT NULL, rules BIGINT NOT NULL, template TEXT COLLATE "C" NOT NULL, row TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL, reported BIGINT NOT NULL, reported_n BIGINT NOT NULL,
  accepted BIGINT NOT NULL, accepted_n BIGINT NOT NULL,
  PRIMARY KEY (campaign, rules, template, row, unit)
);
CREATE TABLE distinct_key (
  campaign TEXT COLLATE "C" NOT NULL, rules BIGINT NOT NULL, template TEXT COLLATE "C" NOT NULL, row TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL, key TEXT COLLATE "C" NOT NULL, reported BIGINT NOT NULL, accepted BIGINT NOT NULL,
  PRIMARY KEY (campaign, rules, template, row, unit, key)
);
CREATE TABLE snapshot (
  campaign TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL, template TEXT COLLATE "C" NOT NULL, created_ms BIGINT NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL, csv BYTEA NOT NULL,
  PRIMARY KEY (campaign, number, template)
);
