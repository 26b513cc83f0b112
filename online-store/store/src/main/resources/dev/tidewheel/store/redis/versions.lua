-- Shared by the scripts that write. Redis 6.2 and newer.
--
-- A head is an envelope: format (1 byte), kind (1), version (16), flush (20), digest of its base (8), then bytes that
-- nobody here looks at. Positions are Lua's, from 1.
--
-- A version is two signed 64-bit numbers with the sign bit flipped, big-endian: compared as four unsigned words of 32
-- bits, the first that differs decides. Not as strings: Lua compares those by strcoll, which follows the server's
-- locale. Not as two numbers of 64 bits: a Lua number is a double, exact only to 2^53.
local FORMAT, TOMBSTONE, HEAD_BYTES = 1, 1, 46
local NO_BASE = string.rep('\0', 8)
-- Every lookup in a table counts here: these run for each key of each flush.
local call, numbers, sub, byte = redis.call, struct.unpack, string.sub, string.byte

local function readable(head)
  return #head >= HEAD_BYTES and byte(head, 1) == FORMAT
end

local function is_tombstone(head)
  return byte(head, 2) == TOMBSTONE
end

local function base_of(head)
  return head and sub(head, 39, 46) or NO_BASE
end

-- Whether a head may take the place of the stored one (false if there is none): a version may be repeated. But a state
-- that was deleted must not come back with a repeated write: against a tombstone an equal version loses.
local function accepts(stored, offered)
  if not stored then return true end
  local stored_kind, s1, s2 = numbers('>BI4I4', stored, 2)
  local kind, o1, o2 = numbers('>BI4I4', offered, 2)
  if o1 ~= s1 then return o1 > s1 end
  if o2 ~= s2 then return o2 > s2 end
  -- The same known time is rare enough to look again.
  local s3, s4 = numbers('>I4I4', stored, 11)
  local o3, o4 = numbers('>I4I4', offered, 11)
  if o3 ~= s3 then return o3 > s3 end
  if o4 ~= s4 then return o4 > s4 end
  return stored_kind ~= TOMBSTONE or kind == TOMBSTONE
end

local function foreign(key)
  return redis.error_reply('TWFORMAT ' .. key .. ' holds bytes that are not a head of format ' .. FORMAT)
end
