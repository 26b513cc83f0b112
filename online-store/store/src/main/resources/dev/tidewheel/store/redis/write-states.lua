-- Writes whole states, and tombstones.
-- KEYS: for each state its head and its base. ARGV: the life of tombstones in milliseconds or 0, then for each state
-- the envelopes of its head and of its base; an empty base is no base.
-- Returns a letter per state: A accepted, S superseded.
local life = tonumber(ARGV[1])
local heads = {}
for i = 1, #KEYS / 2 do heads[i] = KEYS[2 * i - 1] end
local stored, failure = read_heads(heads)
if failure then return failure end
local verdicts = {}
for i, key in ipairs(heads) do
  local base_key, offered, base = KEYS[2 * i], ARGV[2 * i], ARGV[2 * i + 1]
  if not accepts(stored[i], offered) then
    verdicts[i] = 'S'
  else
    if base == '' then redis.call('DEL', base_key) else redis.call('SET', base_key, base, 'KEEPTTL') end
    if is_tombstone(offered) and life > 0 then
      redis.call('SET', key, offered, 'PX', life)
    elseif is_tombstone(offered) then
      redis.call('SET', key, offered)
    else
      put(key, stored[i], offered)
    end
    verdicts[i] = 'A'
  end
end
return table.concat(verdicts)
