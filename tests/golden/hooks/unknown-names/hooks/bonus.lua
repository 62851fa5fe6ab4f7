local rate, top = attain.percent("5%"), attain.money("100")
local kinds = { small = 1, large = 2 }

local function clamp(x, most)
  if x > most then return most end
  return x
end

function bonus(amount, deals)
  local size <const> = kinds.large
  for i, kind in ipairs({ "a", "b" }) do
    if i > size then goto done end
  end
  ::done::
  if deals > 1000000 then
    print("many", amuont)
    return Clamp(amount, top)
  end
  return clamp(amount * rate, top)
end

function other(amount)
  if amount > attain.money("5") then return math.flor(amount) end
  return attain.percnt("5%") * amount, string.gibberish, ("x").foo, math.floor(1)
end
