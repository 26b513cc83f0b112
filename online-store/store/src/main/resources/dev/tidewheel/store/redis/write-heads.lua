-- Writes states whose base the store already has.
-- KEYS: heads. ARGV: for each its new envelope.
-- Returns a letter per key: A accepted, S superseded, B not written because the stored base is another one.
local stored, failure = read_heads(KEYS)
if failure then return failure end
local verdicts = {}
for i, key in ipairs(KEYS) do
  local offered = ARGV[i]
  if not accepts(stored[i], offered) then
    verdicts[i] = 'S'
  elseif base_of(stored[i]) ~= base_of(offered) then
    verdicts[i] = 'B'
  else
    put(key, stored[i], offered)
    verdicts[i] = 'A'
  end
end
return table.concat(verdicts)
