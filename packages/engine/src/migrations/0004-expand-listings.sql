-- How far the payment provider's own list of events has been read whole: what it lists after that may never have been delivered.
-- At most one row. A restored copy goes on from where it was made.
create table listings (
  id        smallint    not null,
  listed_to timestamptz not null,
  constraint listings_pkey primary key (id),
  constraint listings_one check (id = 1)
);

-- Nobody asks any more for the newest event of the inbox.
drop index inbox_newest;
