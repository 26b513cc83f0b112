-- Shared by the scripts that write. Redis 6.2 and newer.
--
-- A head is an envelope: format (1 byte), kind (1), version (16), flush (20), digest of its base (8), then bytes that
-- nobody here looks at. Positions are Lua's, from 1.
--
-- A version is two signed 64-bit numbers with the sign bit flipped, big-endian: compared as four unsigned words of 32
-- bits, the first that differs decides. Not as strings: Lua compares those by strcoll, which follows the server's
-- locale. Not as two numbers of 64 bits: a Lua number is a double, exact only to 2^53.
local FORMAT, STATE, TOMBSTONE = 1, 0, 1
local NO_BASE = string.rep('\0', 8)

local function readable(head)
  return #head >= 46 and string.byte(head, 1) == FORMAT
end

local function is_tombstone(head)
  return string.byte(head, 2) == TOMBSTONE
end

local function base_of(head)
  return head and string.sub(head, 39, 46) or NO_BASE
end

-- -1, 0 or 1 as version a is less than, equal to or greater than version b.
local function compare(a, b)
  local a1, a2, a3, a4 = struct.unpack('>I4I4I4I4', a, 3)
  local b1, b2, b3, b4 = struct.unpack('>I4I4I4I4', b, 3)
  if a1 ~= b1 then return a1 < b1 and -1 or 1 end
  if a2 ~= b2 then return a2 < b2 and -1 or 1 end
  if a3 ~= b3 then return a3 < b3 and -1 or 1 end
  if a4 ~= b4 then return a4 < b4 and -1 or 1 end
  return 0
end

-- Whether a head may take the place of the stored one (false if there is none). A state that was deleted must not come
-- back with a repeated write: against a tombstone an equal version loses.
local function accepts(stored, offered)
  if not stored then return true end
  local order = compare(offered, stored)
  if is_tombstone(stored) and not is_tombstone(offered) then return order > 0 end
  return order >= 0
end

-- Keeps the key's time to live, unless it was a tombstone's.
local function put(key, stored, value)
  if stored and is_tombstone(stored) then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'KEEPTTL')
  end
end

-- The stored heads, or an error if one is not ours: then nothing at all is written.
local function read_heads(keys)
  local heads = redis.call('MGET', unpack(keys))
  for i, head in ipairs(heads) do
    if head and not readable(head) then
      return nil, redis.error_reply('TWFORMAT ' .. keys[i] .. ' holds bytes that are not a head of format ' .. FORMAT)
    end
  end
  return heads
end
