-- Adds a retention bonus to a commission: 1% for each whole year after the second, at most 10%.
local tenure = require "std/tenure"

local EACH = attain.percent(1)
local MOST = 10

function loyalty(commission, hired, day)
  local years = tenure.whole_years(hired, day)
  local counted = math.max(math.min(years - 2, MOST), 0)
  return commission * (1 + EACH * counted), years .. " whole years, " .. counted .. " of them count"
end
