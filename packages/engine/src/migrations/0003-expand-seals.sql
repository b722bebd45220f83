-- Evidence. A seal says what stood in a range of a workspace's ledger, and what the seal before it said: see docs/decisions/0040.

-- Append-only by privilege, as the ledger is. hash: SHA-256 over the hash of the seal before and those of the entries in their order;
-- checks: the first four bytes of each entry's hash, so that the first entry that differs can be named.
create table seals (
  workspace_id text collate "C" not null,
  number       bigint      not null,
  first_seq    bigint      not null,
  last_seq     bigint      not null,
  last_at      timestamptz not null,
  hash         text collate "C" not null,
  checks       bytea       not null,
  sealed_at    timestamptz not null,
  constraint seals_pkey primary key (workspace_id, number),
  constraint seals_range check (number > 0 and first_seq > 0 and first_seq <= last_seq),
  constraint seals_checks check (octet_length(checks) = 4 * (last_seq - first_seq + 1))
);
