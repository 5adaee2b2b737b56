-- Lines that promise originals, applied or held.
CREATE TABLE announced (
  scope TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, device TEXT NOT NULL, officer TEXT NOT NULL,
  bytes BIGINT NOT NULL, mime TEXT NOT NULL, log_no BIGINT NOT NULL, seq BIGINT NOT NULL, receipt_ms BIGINT NOT NULL,
  PRIMARY KEY (scope, id, sha256, device)
);
CREATE INDEX announced_id ON announced (id);
CREATE INDEX announced_original ON announced (sha256, scope);
CREATE INDEX announced_device ON announced (device);

-- The bytes that a scope's phones brought.
CREATE TABLE original (
  scope TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BIGINT NOT NULL, mime TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL, device TEXT NOT NULL, begun_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, stored_ms BIGINT NOT NULL,
  width BIGINT NOT NULL, height BIGINT NOT NULL, facts TEXT NOT NULL, dhash TEXT NOT NULL, render TEXT NOT NULL,
  preview BOOLEAN NOT NULL, PRIMARY KEY (scope, sha256)
);
CREATE INDEX original_sha256 ON original (sha256);
CREATE INDEX original_device ON original (device, state);
CREATE INDEX original_render ON original (stored_ms) WHERE state = 'stored' AND render = '';
CREATE INDEX original_partial ON original (last_ms) WHERE state = 'partial';

-- The lines that say that they are stored.
CREATE TABLE photo_receipt (
  scope TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, log_no BIGINT NOT NULL, seq BIGINT NOT NULL,
  on_record BOOLEAN NOT NULL, PRIMARY KEY (scope, id, sha256)
);
CREATE INDEX photo_receipt_line ON photo_receipt (log_no, seq);
CREATE INDEX photo_receipt_loose ON photo_receipt (scope, id) WHERE NOT on_record;

-- Pages of photos, by time.
CREATE INDEX listing_photo ON listing (campaign, sort_ms, id, scope_no) WHERE kind = 'photo';

-- Originals that look alike.
CREATE TABLE photo_near (
  campaign TEXT NOT NULL, scope1 TEXT NOT NULL, sha1 TEXT NOT NULL, scope2 TEXT NOT NULL, sha2 TEXT NOT NULL,
  distance BIGINT NOT NULL, PRIMARY KEY (campaign, scope1, sha1, scope2, sha2)
);

-- The servers that run, and what they keep unfinished originals in.
CREATE TABLE server_life (
  id TEXT PRIMARY KEY, host TEXT NOT NULL, spool TEXT NOT NULL, started_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL
);
