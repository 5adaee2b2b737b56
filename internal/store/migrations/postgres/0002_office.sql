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
