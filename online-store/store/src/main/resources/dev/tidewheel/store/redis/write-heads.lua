-- Writes states whose base the store already has.
-- KEYS: heads. ARGV: for each its new envelope.
-- Returns a letter per key: A accepted, S superseded, B not written because the stored base is another one.
--
-- Nearly all are accepted, so each is written first, by the command that also answers what was there (and keeps the time
-- to live), and taken back if it must not be: nobody sees anything between the beginning and the end of a script.
local before, verdicts = {}, {}

local function take_back(i)
  if before[i] then call('SET', KEYS[i], before[i], 'KEEPTTL') else call('DEL', KEYS[i]) end
end

for i, key in ipairs(KEYS) do
  local offered = ARGV[i]
  local stored = call('SET', key, offered, 'KEEPTTL', 'GET')
  before[i] = stored
  if stored and not readable(stored) then
    -- Nothing at all is written.
    for j = 1, i do take_back(j) end
    return foreign(key)
  elseif not accepts(stored, offered) then
    take_back(i)
    verdicts[i] = 'S'
  elseif base_of(stored) ~= base_of(offered) then
    take_back(i)
    verdicts[i] = 'B'
  else
    -- What was kept is a tombstone's time to live.
    if stored and is_tombstone(stored) then call('PERSIST', key) end
    verdicts[i] = 'A'
  end
end
return table.concat(verdicts)
