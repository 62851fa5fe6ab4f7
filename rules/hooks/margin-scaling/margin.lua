-- Returns the credited amount of a deal, by its margin.
local NOTHING = attain.percent(10)
local FULL = attain.percent(30)
local MOST = attain.number("1.1")

function scaled(amount, cost)
  local margin = (amount - cost) / amount
  local share = (margin - NOTHING) / (FULL - NOTHING)
  return amount * math.max(math.min(share, MOST), 0)
end
