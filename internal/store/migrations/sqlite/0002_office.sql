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
