-- Lines that promise originals, applied or held.
CREATE TABLE announced (
  scope TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, sha256 TEXT COLLATE "C" NOT NULL, device TEXT COLLATE "C" NOT NULL, officer TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL, mime TEXT COLLATE "C" NOT NULL, log_no BIGINT NOT NULL, seq BIGINT NOT NULL, receipt_ms BIGINT NOT NULL,
  stranger BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (scope, id, sha256, device)
);
CREATE INDEX announced_id ON announced (id);
CREATE INDEX announced_original ON announced (sha256, scope);
CREATE INDEX announced_device ON announced (device);

-- The bytes that a scope's phones brought.
CREATE TABLE original (
  scope TEXT COLLATE "C" NOT NULL, sha256 TEXT COLLATE "C" NOT NULL, bytes BIGINT NOT NULL, mime TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL, device TEXT COLLATE "C" NOT NULL, begun_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, stored_ms BIGINT NOT NULL,
  width BIGINT NOT NULL, height BIGINT NOT NULL, facts TEXT COLLATE "C" NOT NULL, dhash TEXT COLLATE "C" NOT NULL, render TEXT COLLATE "C" NOT NULL,
  preview BOOLEAN NOT NULL, as_video BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (scope, sha256)
);
CREATE INDEX original_sha256 ON original (sha256);
CREATE INDEX original_device ON original (device, state);
CREATE INDEX original_render ON original (stored_ms) WHERE state = 'stored' AND render = '';
CREATE INDEX original_partial ON original (last_ms) WHERE state = 'partial';

-- The lines that say that they are stored.
CREATE TABLE photo_receipt (
  scope TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, sha256 TEXT COLLATE "C" NOT NULL, log_no BIGINT NOT NULL, seq BIGINT NOT NULL,
  on_record BOOLEAN NOT NULL, PRIMARY KEY (scope, id, sha256)
);
CREATE INDEX photo_receipt_line ON photo_receipt (log_no, seq);
CREATE INDEX photo_receipt_loose ON photo_receipt (scope, id) WHERE NOT on_record;

-- Pages of photos, by time.
CREATE INDEX listing_photo ON listing (campaign, sort_ms, id, scope_no) WHERE kind = 'photo';

-- Originals that look alike.
CREATE TABLE photo_near (
  campaign TEXT COLLATE "C" NOT NULL, scope1 TEXT COLLATE "C" NOT NULL, sha1 TEXT COLLATE "C" NOT NULL, scope2 TEXT COLLATE "C" NOT NULL, sha2 TEXT COLLATE "C" NOT NULL,
  distance BIGINT NOT NULL, PRIMARY KEY (campaign, scope1, sha1, scope2, sha2)
);

-- The servers that run, and what they keep unfinished originals in.
CREATE TABLE server_life (
  id TEXT COLLATE "C" PRIMARY KEY, host TEXT COLLATE "C" NOT NULL, spool TEXT COLLATE "C" NOT NULL, started_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL
);
