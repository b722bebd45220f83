/** The records of the other contenders in Redis. Balance, hold, ledger and record of the request move in one script or not at all. */

/** KEYS: balance, hold, ledger, record · ARGV: quantity, id. 1: granted or done before; 0: refused. */
export const reserve = `
if redis.call('exists', KEYS[4]) == 1 then return 1 end
local quantity = tonumber(ARGV[1])
local balance = redis.call('hmget', KEYS[1], 'limit', 'used', 'reserved')
local used, reserved = tonumber(balance[2]), tonumber(balance[3]) + quantity
if used + reserved > tonumber(balance[1]) then return 0 end
redis.call('hset', KEYS[1], 'reserved', reserved)
redis.call('hset', KEYS[2], 'quantity', quantity, 'state', 'held')
redis.call('xadd', KEYS[3], '*', 'kind', 'reserve', 'quantity', quantity, 'source', ARGV[2], 'used', used, 'reserved', reserved)
redis.call('set', KEYS[4], 'ok', 'EX', 86400)
return 1`

export const commit = `
if redis.call('exists', KEYS[4]) == 1 then return 1 end
local quantity = tonumber(ARGV[1])
local hold = redis.call('hmget', KEYS[2], 'quantity', 'state')
if hold[2] ~= 'held' or quantity > tonumber(hold[1]) then return 0 end
local balance = redis.call('hmget', KEYS[1], 'used', 'reserved')
local used, reserved = tonumber(balance[1]) + quantity, tonumber(balance[2]) - tonumber(hold[1])
redis.call('hset', KEYS[1], 'used', used, 'reserved', reserved)
redis.call('hset', KEYS[2], 'state', 'committed')
redis.call('xadd', KEYS[3], '*', 'kind', 'commit', 'quantity', quantity, 'source', ARGV[2], 'used', used, 'reserved', reserved)
redis.call('set', KEYS[4], 'ok', 'EX', 86400)
return 1`

/** ARGV: workspaces, limit. */
export const fill = `
for workspace = 0, ARGV[1] - 1 do
  redis.call('hset', 'balance:' .. workspace, 'limit', ARGV[2], 'used', 0, 'reserved', 0)
end`

/** ARGV: workspaces. Used, reserved, entries, balances above their limit, balances that their ledger's last entry contradicts. */
export const totals = `
local sum = { 0, 0, 0, 0, 0 }
for workspace = 0, ARGV[1] - 1 do
  local balance = redis.call('hmget', 'balance:' .. workspace, 'limit', 'used', 'reserved')
  local used, reserved = tonumber(balance[2]), tonumber(balance[3])
  local last = redis.call('xrevrange', 'ledger:' .. workspace, '+', '-', 'COUNT', 1)[1]
  local booked = last and last[2] or { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
  sum[1], sum[2] = sum[1] + used, sum[2] + reserved
  sum[3] = sum[3] + redis.call('xlen', 'ledger:' .. workspace)
  if used + reserved > tonumber(balance[1]) then sum[4] = sum[4] + 1 end
  if tonumber(booked[8]) ~= used or tonumber(booked[10]) ~= reserved then sum[5] = sum[5] + 1 end
end
return sum`
