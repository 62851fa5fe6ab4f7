-- tests/hooks/attacks.lua: functions that try to keep something from one call to the next, or to stop badly.
-- Each block makes `f(x, key)`; x is a whole number from 1 to 40. `--# NAME` begins a block; `--# refused NAME` one
-- that `check` must refuse; `--# heavy NAME` one near the limits. Used by tests/unit/lua/test_state.c and tests/hooks/run.py.

--# plain
function f(x) return x * 2 end

--# memo through __index
local seen = setmetatable({}, {__index = function(t, k) t[k] = true return nil end})
function f(x, key) if seen[key] then return 1 end return seen[x:integer() % 3] and 2 or 3 end

--# memo of counts through __index
local memo = setmetatable({n = 0}, {__index = function(t, k) t.n = t.n + 1 t[k] = t.n return t.n end})
function f(x, key) return memo[key] end

--# __index adds to the table by table.insert
local t = setmetatable({}, {__index = function(t, k) table.insert(t, k) return #t end})
function f(x, key) return t[key] end

--# __index sets the metatable of the table
local t = setmetatable({}, {__index = function(t, k) setmetatable(t, {__index = function() return 7 end}) return 1 end})
function f(x, key) return t[key] + t[key] end

--# __index sorts the table
local t = setmetatable({3, 1, 2}, {__index = function(t, k) table.sort(t) return t[1] end})
function f(x, key) return t[key] * 10 + t[1] end

--# __index removes from the table
local t = setmetatable({1, 2, 3}, {__index = function(t, k) table.remove(t) return #t end})
function f(x, key) return t[key] end

--# __index of a table in a table
local inner = setmetatable({}, {__index = function(t, k) t.count = (k == "count" and 0 or t.count) + 1 return t.count end})
local outer = {inner = inner}
function f(x, key) return outer.inner[key] end

--# __index handler that is a frozen table with a function
local base = setmetatable({}, {__index = function(t, k) t[k] = 1 return 0 end})
local t = setmetatable({}, {__index = base})
function f(x, key) return t[key] + t[key] end

--# __index returns what it was given
local t = setmetatable({}, {__index = function(t) return t end})
function f(x, key) local same = t.any same.kept = x return same.kept end

--# __newindex of its own
local log = {}
local t = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = v end})
function f(x) t.a = x return #log end

--# __call counts
local t = setmetatable({n = 0}, {__call = function(self) self.n = self.n + 1 return self.n end})
function f(x) return t() end

--# __len counts
local n = 0
local t = setmetatable({}, {__len = function() n = n + 1 return n end})
function f(x) return #t end

--# __eq counts
local n = 0
local m = {__eq = function() n = n + 1 return true end}
local a, b = setmetatable({}, m), setmetatable({}, m)
function f(x) return a == b and n or 0 end

--# __lt counts
local n = 0
local m = {__lt = function() n = n + 1 return true end}
local a, b = setmetatable({}, m), setmetatable({}, m)
function f(x) return a < b and n or 0 end

--# __concat counts
local n = 0
local t = setmetatable({}, {__concat = function() n = n + 1 return "c" end})
function f(x) local s = t .. "x" return n end

--# __tostring counts
local n = 0
local t = setmetatable({}, {__tostring = function() n = n + 1 return "c" end})
function f(x) local s = tostring(t) return n end

--# __unm counts
local n = 0
local t = setmetatable({}, {__unm = function() n = n + 1 return n end})
function f(x) return -t end

--# a local counts
local n = 0
function f(x) n = n + 1 return n end

--# a local counts and is put back
local n = 0
function f(x) n = n + x n = n - x return n + 1 end

--# a local counts where the call fails
local n = 0
function f(x) n = n + 1 if x % 2 == 0 then error("even") end n = n - 1 return n end

--# a local becomes a float
local one = 1
function f(x) if tostring(one) == "1.0" then return 2 end if x == 3 then one = 1.0 end return 1 end

--# a local becomes minus zero
local zero = 0.0
function f(x) if tostring(zero) == "-0.0" then return 2 end if x == 3 then zero = -zero end return 1 end

--# a local that is not a number
local nan = 0 / 0
function f(x) if nan ~= nan then return 1 end return 2 end

--# a local becomes another table
local t = {n = 1}
function f(x) if x == 3 then t = {n = 2} end return t.n end

--# a local function is replaced
local function g() return 1 end
function f(x) if x % 5 == 0 then g = function() return 2 end end return g() end

--# several locals change
local zeta, alpha, mid, beta, omega, kappa = 1, 2, 3, 4, 5, 6
function f(x) omega, kappa, zeta, mid, beta, alpha = 0, 0, 0, 0, 0, 0 return x end

--# several locals of several functions change
local zeta, alpha, mid, beta = 0, 0, 0, 0
function set_zeta() zeta = 1 end
function set_alpha() alpha = 1 end
function set_mid() mid = 1 end
function set_beta() beta = 1 end
function f(x) set_zeta() set_alpha() set_mid() set_beta() return x end

--# locals of closures made in a loop
local adders = {}
for i = 1, 5 do local n = 0 adders[i] = function() n = n + i return n end end
function f(x) return adders[x:integer() % 5 + 1]() end

--# a counter behind two functions
local function counter() local n = 0 return function() n = n + 1 return n end end
local next_one = counter()
function f(x) return next_one() end

--# a counter in a field
counters = {}
do local n = 0 function counters.step() n = n + 1 return n end end
function f(x) return counters.step() end

--# a counter in a metatable
local n = 0
local m = {__index = {step = function() n = n + 1 return n end}}
local t = setmetatable({}, m)
function f(x) return t.step() end

--# a counter that only a metamethod reaches
local t
do local n = 0 t = setmetatable({}, {__index = function() n = n + 1 return n end}) end
function f(x, key) return t[key] end

--# a global counts
total = 0
function f(x) total = total + x return total end

--# a global that does not exist
function f(x) if x == 3 then new = 1 end return x end

--# a field of _ENV
function f(x) _ENV.count = (_ENV.count or 0) + 1 return _ENV.count end

--# another _ENV
local step
do local _ENV = {n = 0} step = function() n = n + 1 return n end end
function f(x) return step() end

--# _ENV of a function's own
local e = {n = 0}
local function step(_ENV) n = n + 1 return n end
function f(x) return step(e) end
--# _ENV is replaced
function f(x) if x == 3 then _ENV = {} end return x end

--# a library is changed
function f(x) if x == 3 then string.len = function() return 99 end end return string.len("a") end

--# a library's function is replaced
function f(x) if x == 3 then tostring = function() return "b" end end return #tostring(1) end

--# the metatable of texts
function f(x) local m = getmetatable("") if m then m.__index = nil end return x end

--# the metatable of numbers
function f(x) local m = getmetatable(x) if m then m.__add = nil end return x + 1 end

--# a field of texts
function f(x, key) local ok = key.count if not ok then key.count = 1 end return 1 end

--# getmetatable gives the file's table
local m = {__index = {a = 1}}
local t = setmetatable({}, m)
function f(x) if x == 3 then getmetatable(t).__index = {a = 2} end return t.a end

--# the metatable's table is changed
local m = {__index = {a = 1}}
local t = setmetatable({}, m)
function f(x) if x == 3 then m.__index.a = 2 end return t.a end

--# the table that pairs gives
local t = {a = {n = 1}, b = {n = 2}}
function f(x) local sum = 0 for k, v in pairs(t) do if x == 3 then v.n = 5 end sum = sum + v.n end return sum end

--# what pairs gives second
local t = {a = 1}
function f(x) local step, table_given = pairs(t) table_given.b = 1 return 1 end

--# the table that next gives
local t = {a = {n = 1}}
function f(x) local k, v = next(t) if x == 3 then v.n = 2 end return v.n end

--# the table that ipairs gives
local t = {{n = 1}, {n = 2}}
function f(x) local sum = 0 for _, v in ipairs(t) do if x == 3 then v.n = 9 end sum = sum + v.n end return sum end

--# the table that unpack gives
local t = {{n = 1}}
function f(x) local v = table.unpack(t) if x == 3 then v.n = 2 end return v.n end

--# a table as a key
local k = {n = 1}
local t = {[k] = "a"}
function f(x) if x == 3 then k.n = 2 end return k.n end

--# a function that a table holds as a key
local n = 0
local step = function() n = n + 1 return n end
local t = {[step] = true}
function f(x) return step() end

--# gsub with a table that counts
local t = setmetatable({}, {__index = function(t, k) t[k] = "b" return "a" end})
function f(x, key) return #(key:gsub("%d", t)) end

--# gsub with a function that counts
local n = 0
function f(x, key) return #(key:gsub("%d", function() n = n + 1 return tostring(n) end)) end

--# the length of a list with holes
local t = {1, 2, nil, 4, nil, nil, 7, 8, nil, nil, nil, 12}
function f(x) local v = t[x:integer()] return #t end

--# the length of a list with holes, read before
local t = {n = 1}
for i = 1, 40 do t[i] = i end
for i = 20, 30 do t[i] = nil end
function f(x) local before = #t local v = t[x:integer() + 20] return before * 100 + #t end

--# the length of a list that was a table of texts
function f(x)
  local t, s, out = {}, x:integer(), 0
  local function r(n) s = (s * 1103515245 + 12345) % 2147483648 return (s >> 8) % n + 1 end
  for step = 1, 200 do
    local w = r(4)
    if w == 1 then t["k" .. r(30)] = 1 elseif w == 2 then t["k" .. r(30)] = nil
    elseif w == 3 then t[r(16)] = 1 else t[r(16)] = nil end
    out = (out * 31 + #t) % 1000003
  end
  return out
end

--# rawlen, insert, and unpack of a list with holes
function f(x)
  local t, s = {}, x:integer()
  local function r(n) s = (s * 1103515245 + 12345) % 2147483648 return (s >> 8) % n + 1 end
  for step = 1, 80 do
    local w = r(4)
    if w == 1 then t["k" .. r(30)] = 1 elseif w == 2 then t["k" .. r(30)] = nil
    elseif w == 3 then t[r(16)] = 1 else t[r(16)] = nil end
  end
  table.insert(t, 5)
  return rawlen(t) * 100 + select("#", table.unpack(t))
end

--# the order of pairs
function f(x)
  local t, out = {}, 0
  for i = 1, 30 do t["k" .. i * x] = i end
  for k, v in pairs(t) do out = (out * 31 + v) % 1000003 end
  return out
end

--# the order of next
function f(x)
  local t, out = {}, 0
  for i = 1, 20 do t["k" .. i * x] = i end
  local k, v = next(t)
  while k do out = (out * 31 + v) % 1000003 k, v = next(t, k) end
  return out
end

--# keys without an order
function f(x) local t, n = {[f] = 1, [{}] = 2}, 0 for k, v in pairs(t) do n = v end return n end

--# texts of tables and functions
function f(x) return #(tostring({}) .. tostring(f) .. tostring(string.len)) end

--# a message with a table
function f(x) error({}) end

--# a message with a function
function f(x) error(f) end

--# a message with text of its own
function f(x) error(setmetatable({}, {__tostring = function() return "mine " .. tostring(x) end})) end

--# a message that fails itself
function f(x) error(setmetatable({}, {__tostring = function() error("inner") end})) end

--# __tostring gives no text
function f(x) return #tostring(setmetatable({}, {__tostring = function() return {} end})) end

--# tables that cannot be compared
function f(x) local a, b = {}, {} if x % 2 == 0 then return a < b and 1 or 2 end return 3 end

--# a comparison whose right side fails
function f(x) local function fail() error("right") end if x % 2 == 0 and x == fail() then return 1 end return 2 end

--# many comparisons whose right side fails
function f(x)
  local function deep(n) if n == 0 then error("deep") end return x == deep(n - 1) end
  if x % 3 == 0 then return deep(100) and 1 or 2 end
  return 3 == 3 and 4 or 5
end

--# heavy a large left side whose right side fails
function f(x)
  local big = {}
  for i = 1, 20000 do big[i] = i end
  if x % 2 == 0 then return x == (big == error("after a large one")) and 1 or 2 end
  return #big
end

--# a comparison inside a comparison's metamethod
local m = {} m.__eq = function(a, b) return a.n == b.n end
function f(x) local a, b = setmetatable({n = x}, m), setmetatable({n = x % 4}, m) return a == b and 1 or 2 end

--# divided by zero
function f(x) return 10 / (x % 4) end

--# an integer divided by zero
function f(x) return 10 // (x:integer() % 4) end

--# a wrong result
function f(x) if x % 3 == 0 then return "text" elseif x % 3 == 1 then return nil end return x end

--# a reason that is no text
function f(x) return x, {} end

--# a reason that is too long
function f(x) return x, string.rep("r", x:integer() * 100) end

--# too many results
function f(x) return x, "r", 3, 4, 5, {} end

--# a result that is a float
function f(x) return x:integer() / 4 end

--# heavy much memory
function f(x) local t = {} for i = 1, x:integer() * 800 do t[i] = {} end return #t end

--# heavy memory that is nearly too much
function f(x) local t = {} for i = 1, 9600 + x:integer() * 40 do t[i] = {} end return #t end

--# heavy many texts
function f(x) local t = {} for i = 1, x:integer() * 300 do t[i] = x:integer() .. "/" .. i end return #t end

--# heavy long texts
function f(x) local t = {} for i = 1, x:integer() do t[i] = string.rep("a", 60000) .. i end return #t end

--# heavy many exact numbers
function f(x) local t = {} for i = 1, x:integer() * 500 do t[i] = x + i end return #t end

--# heavy garbage
function f(x) local s = 0 for i = 1, x:integer() * 1000 do s = s + #{i, i} end return s end

--# heavy many steps
function f(x) local n = 0 for i = 1, x:integer() * 15000 do n = n + 1 end return n end

--# heavy many steps in texts
function f(x) local s = "" for i = 1, x:integer() * 30 do s = string.rep("a", 60000) .. i end return #s end

--# heavy deep recursion
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
function f(x) return deep(x:integer() * 700) end

--# recursion through a metamethod
local function deep(n)
  if n == 0 then return 0 end
  return #setmetatable({}, {__len = function() return 1 + deep(n - 1) end})
end
function f(x) return deep(x:integer() * 6) end

--# recursion through sort and gsub
local function deep(n)
  if n == 0 then return "a" end
  return (("a"):gsub("a", function() return deep(n - 1) end))
end
function f(x) return #deep(x:integer() * 6) end

--# heavy recursion without end
function f(x) if x % 4 == 0 then return f(x) + 1 end return 1 end

--# heavy a loop without end
function f(x) if x == 7 then while true do end end return x end

--# a sort that contradicts itself
function f(x)
  local t = {}
  for i = 1, 20 do t[i] = (i * 7 + x:integer()) % 20 end
  table.sort(t, function(a, b) if x % 2 == 0 then return true end return a < b end)
  return t[1] + 1
end

--# a sort that changes its list
function f(x)
  local t = {5, 3, 9, 1}
  table.sort(t, function(a, b) t[2] = nil return a < b end)
  return 1
end

--# an iterator of its own
function f(x, key) local n = 0 for w in key:gmatch("%w") do n = n + 1 end for k in utf8.codes(key) do n = n + 1 end return n end

--# an iterator that a local function keeps while it is called
local it
function f(x, key) it = it or key:gmatch("%w") return it() and 1 or 2 end

--# a variable to be closed
function f(x) local a <close> = nil if x == 3 then local b <close> = {} end return 1 end

--# a label and a jump
function f(x) local n = 0 ::again:: n = n + 1 if n < x:integer() then goto again end return n end

--# made while loading by a call
local cache
local function fill() cache = {} for i = 1, 10 do cache[i] = i * i end end
fill()
function f(x) return cache[x:integer() % 10 + 1] end

--# exact values as keys
local rates = {[1] = 10, [2] = 20, [3] = 30}
function f(x) return rates[x % 3 + 1] end

--# exact values are themselves
local one = attain.number("1")
function f(x) return rawequal(one, one) and (x == one and 1 or 2) or 3 end

--# a file of which nothing is kept is large
local words = {}
for i = 1, 2000 do words[i] = "word " .. i end
function f(x, key) for i = 1, 50 do local w = words[i] .. key end return #words[x:integer()] end

--# refused gmatch kept in a local
local it = string.gmatch("a b c d e f g", "%a")
function f(x) local w = it() return w and #w or 9 end

--# refused pairs kept in a local
local t = {a = 1, b = 2, c = 3}
local step = pairs(t)
function f(x) local k = step(t) return k and 1 or 2 end

--# refused utf8.codes kept in a field
kept = {step = utf8.codes("abcdef")}
function f(x) local i = kept.step() return i or 0 end

--# refused iterator kept in a metatable
local t = setmetatable({}, {__call = string.gmatch("a b c", "%a")})
function f(x) return t() and 1 or 2 end

--# refused iterator behind __index
local t = setmetatable({}, {__index = string.gmatch("a b c", "%a")})
function f(x) return t.x and 1 or 2 end

--# refused iterator as a key
local t = {[string.gmatch("a b c", "%a")] = 1}
function f(x) return next(t) and 1 or 2 end

--# refused iterator of a closure
local function make() local it = string.gmatch("a b c", "%a") return function() return it() end end
local g = make()
function f(x) return g() and 1 or 2 end
