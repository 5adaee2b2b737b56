-- Lines that promise originals, applied or held.
CREATE TABLE announced (
  scope TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, device TEXT NOT NULL, officer TEXT NOT NULL,
  bytes INTEGER NOT NULL, mime TEXT NOT NULL, log_no INTEGER NOT NULL, seq INTEGER NOT NULL, receipt_ms INTEGER NOT NULL,
  stranger BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (scope, id, sha256, device)
) WITHOUT ROWID;
CREATE INDEX announced_id ON announced (id);
CREATE INDEX announced_original ON announced (sha256, scope);
CREATE INDEX announced_device ON announced (device);

-- The bytes that a scope's phones brought.
CREATE TABLE original (
  scope TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, mime TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL, device TEXT NOT NULL, begun_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, stored_ms INTEGER NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, facts TEXT NOT NULL, dhash TEXT NOT NULL, render TEXT NOT NULL,
  preview BOOLEAN NOT NULL, as_video BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (scope, sha256)
) WITHOUT ROWID;
CREATE INDEX original_sha256 ON original (sha256);
CREATE INDEX original_device ON original (device, state);
CREATE INDEX original_render ON original (stored_ms) WHERE state = 'stored' AND render = '';
CREATE INDEX original_partial ON original (last_ms) WHERE state = 'partial';

-- The lines that say that they are stored.
CREATE TABLE photo_receipt (
  scope TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, log_no INTEGER NOT NULL, seq INTEGER NOT NULL,
  on_record BOOLEAN NOT NULL, PRIMARY KEY (scope, id, sha256)
) WITHOUT ROWID;
CREATE INDEX photo_receipt_line ON photo_receipt (log_no, seq);
CREATE INDEX photo_receipt_loose ON photo_receipt (scope, id) WHERE NOT on_record;

-- Originals that look alike.
CREATE TABLE photo_near (
  campaign TEXT NOT NULL, scope1 TEXT NOT NULL, sha1 TEXT NOT NULL, scope2 TEXT NOT NULL, sha2 TEXT NOT NULL,
  distance INTEGER NOT NULL, PRIMARY KEY (campaign, scope1, sha1, scope2, sha2)
) WITHOUT ROWID;

-- The servers that run, and what they keep unfinished originals in.
CREATE TABLE server_life (
  id TEXT PRIMARY KEY, host TEXT NOT NULL, spool TEXT NOT NULL, started_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
) WITHOUT ROWID;
