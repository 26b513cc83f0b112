-- Writes states whose base the store already has.
-- KEYS: heads. ARGV: for each its new envelope.
-- Returns nothing if all are accepted, else a letter per key: A accepted, S superseded, B not written because the stored
-- base is another one.
--
-- Nearly all are accepted, so each is written first, by the command that also answers what was there (and keeps the time
-- to live), and taken back if it must not be: nobody sees anything between the beginning and the end of a script.
local names, values = KEYS, ARGV
local before, doubtful = {}, {}

-- What accepts nearly every head with one call per side: begin (format, kind and first byte of the known time), the known
-- time's rest, the rest up to the digest (as a number that means nothing), the digest in two words. A rest of 7 bytes may
-- be rounded to a double, but never so that a time seems less than one that it is not less than.
local GLANCE = '>I3I7I28I4I4'
-- A state of this format with a known time from 1970 on.
local ORDINARY = FORMAT * 2 ^ 16 + 2 ^ 7

for i = 1, #names do
  local offered = values[i]
  local stored = redis.pcall('SET', names[i], offered, 'KEEPTTL', 'GET')
  local clear = false
  if stored and #stored >= HEAD_BYTES then
    local begin, time, _, base1, base2 = numbers(GLANCE, stored)
    local new_begin, new_time, _, new_base1, new_base2 = numbers(GLANCE, offered)
    clear = begin == ORDINARY and new_begin == ORDINARY and time < new_time and base1 == new_base1 and base2 == new_base2
  end
  before[i] = stored
  if not clear then doubtful[#doubtful + 1] = i end
end
if #doubtful == 0 then return '' end

local function take_back(i)
  if before[i] then call('SET', names[i], before[i], 'KEEPTTL') else call('DEL', names[i]) end
end

-- The answer to a key that could not be written, or should not have been because of what it held.
local function failure(i)
  local stored = before[i]
  if type(stored) == 'table' then
    return string.find(stored.err, 'WRONGTYPE', 1, true) and foreign(names[i]) or stored
  end
  return stored and not readable(stored) and foreign(names[i])
end

-- Then nothing at all is written.
local function take_all_back()
  for i = 1, #names do
    if type(before[i]) ~= 'table' then take_back(i) end
  end
end

for _, i in ipairs(doubtful) do
  local failed = failure(i)
  if failed then
    take_all_back()
    return failed
  end
end

local verdicts, refused = {}, false
for i = 1, #names do verdicts[i] = 'A' end
for _, i in ipairs(doubtful) do
  local stored, offered = before[i], values[i]
  if not accepts(stored, offered) then
    take_back(i)
    verdicts[i], refused = 'S', true
  elseif base_of(stored) ~= base_of(offered) then
    take_back(i)
    verdicts[i], refused = 'B', true
  elseif stored and is_tombstone(stored) then
    -- What was kept there is a tombstone's time to live.
    call('SET', names[i], offered)
  end
end
return refused and table.concat(verdicts) or ''
