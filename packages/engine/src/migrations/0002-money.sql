-- Money in. What was paid decides the plan and brings grants; those stay in the books. These tables say what is being paid for, and by whom.

-- The payment provider's name of the live subscription, and the last reading of it that was applied.
alter table subscriptions add column reference text;
alter table subscriptions add column reading bigint not null default 0;

-- One attempt to buy an add-on or a plan. brings: [[meter, quantity], …]. The grant itself is in grants, source_type 1, source_id = id.
-- reading: how often the provider was asked about it; applied: the reading that the row shows. An older one never overwrites a newer.
create table purchases (
  workspace_id   text collate "C" not null,
  id             text collate "C" not null,
  created_at     timestamptz not null,
  add_on         text,
  blocks         bigint,
  plan           text,
  contacts       bigint,
  "interval"     text,
  brings         jsonb       not null,
  total          bigint      not null,
  currency       text        not null,
  state          text        not null,
  key            text collate "C",
  request        text        not null,
  actor          text        not null,
  session        text collate "C",
  url            text,
  expires_at     timestamptz,
  payment_intent text collate "C",
  charge         text collate "C",
  receipt_number text collate "C",
  receipt_url    text,
  refunded       bigint      not null,
  paid_at        timestamptz,
  note           text,
  looked_at      timestamptz not null,
  reading        bigint      not null default 0,
  applied        bigint      not null default 0,
  constraint purchases_pkey primary key (workspace_id, id),
  constraint purchases_state check (state in ('pending', 'paid', 'failed', 'expired', 'refunded', 'disputed', 'parked')),
  constraint purchases_what check ((add_on is null) <> (plan is null) and (add_on is null) = (blocks is null)),
  constraint purchases_money check (total >= 0 and refunded >= 0)
);

create unique index purchases_key on purchases (workspace_id, key) where key is not null;
create index purchases_open on purchases (state) where state in ('pending', 'parked', 'disputed');
create index purchases_pending on purchases (looked_at) where state = 'pending';
create index purchases_session on purchases (session);
create index purchases_payment_intent on purchases (payment_intent);
create index purchases_charge on purchases (charge);
create index purchases_receipt on purchases (receipt_number);

-- Who pays for a workspace. A reading of the provider is made by one process at a time and has a number: see core's sync-subscription.
create table customers (
  workspace_id text collate "C" not null,
  key          text        not null,
  customer     text collate "C",
  reading      bigint      not null,
  read_until   timestamptz,
  created_at   timestamptz not null,
  constraint customers_pkey primary key (workspace_id)
);

create index customers_customer on customers (customer);

-- What the provider has sent, once each, kept before it is answered. state: 0 waiting, 1 done, 2 parked.
-- content: a hash of what was delivered; null while it is only known from the provider's list.
create table inbox (
  event_id    text collate "C" not null,
  type        text        not null,
  created_at  timestamptz not null,
  content     text,
  body        text        not null,
  received_at timestamptz not null,
  state       smallint    not null,
  attempts    int         not null,
  due_at      timestamptz not null,
  note        text,
  constraint inbox_pkey primary key (event_id),
  constraint inbox_state check (state between 0 and 2)
);

create index inbox_due on inbox (due_at) where state = 0;
create index inbox_open on inbox (state) where state <> 1;
create index inbox_newest on inbox (created_at);
