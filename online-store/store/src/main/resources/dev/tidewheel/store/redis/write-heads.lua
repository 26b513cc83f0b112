-- Writes states whose base the store already has.
-- KEYS: heads. ARGV: for each its new envelope.
-- Returns a letter per key: A accepted, S superseded, B not written because the stored base is another one.
--
-- Nearly all are accepted, so each is written first, by the command that also answers what was there (and keeps the time
-- to live), and taken back if it must not be: nobody sees anything between the beginning and the end of a script.
local before, verdicts, ended = {}, {}, {}

local function take_back(i)
  if before[i] then call('SET', KEYS[i], before[i], 'KEEPTTL') else call('DEL', KEYS[i]) end
end

-- Nothing at all is written.
local function take_all_back(upto, answer)
  for j = 1, upto do take_back(j) end
  return answer
end

for i, key in ipairs(KEYS) do
  local offered = ARGV[i]
  local stored = redis.pcall('SET', key, offered, 'KEEPTTL', 'GET')
  if type(stored) == 'table' then
    local wrong_type = string.find(stored.err, 'WRONGTYPE', 1, true)
    return take_all_back(i - 1, wrong_type and foreign(key) or stored)
  end
  before[i] = stored
  if stored and not readable(stored) then
    return take_all_back(i, foreign(key))
  elseif not accepts(stored, offered) then
    take_back(i)
    verdicts[i] = 'S'
  elseif base_of(stored) ~= base_of(offered) then
    take_back(i)
    verdicts[i] = 'B'
  else
    if stored and is_tombstone(stored) then ended[#ended + 1] = i end
    verdicts[i] = 'A'
  end
end
-- What was kept there is a tombstone's time to live.
for _, i in ipairs(ended) do call('SET', KEYS[i], ARGV[i]) end
return table.concat(verdicts)
