-- Writes whole states, and tombstones.
-- KEYS: for each state its head and its base. ARGV: the life of tombstones in milliseconds or 0, then for each state
-- the envelopes of its head and of its base; an empty base is no base.
-- Returns a letter per state: A accepted, S superseded.
local life = tonumber(ARGV[1])
local heads = {}
for i = 1, #KEYS / 2 do heads[i] = KEYS[2 * i - 1] end
local stored = call('MGET', unpack(heads))
for i, head in ipairs(stored) do
  if head and not readable(head) then return foreign(heads[i]) end
end

-- Keeps the key's time to live, unless it was a tombstone's.
local function put(key, before, value)
  if before and is_tombstone(before) then
    call('SET', key, value)
  else
    call('SET', key, value, 'KEEPTTL')
  end
end

local verdicts = {}
for i, key in ipairs(heads) do
  local base_key, offered, base = KEYS[2 * i], ARGV[2 * i], ARGV[2 * i + 1]
  if not accepts(stored[i], offered) then
    verdicts[i] = 'S'
  else
    if base == '' then call('DEL', base_key) else call('SET', base_key, base, 'KEEPTTL') end
    if is_tombstone(offered) and life > 0 then
      call('SET', key, offered, 'PX', life)
    elseif is_tombstone(offered) then
      call('SET', key, offered)
    else
      put(key, stored[i], offered)
    end
    verdicts[i] = 'A'
  end
end
return table.concat(verdicts)
