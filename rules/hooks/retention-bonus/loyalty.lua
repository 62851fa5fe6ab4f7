-- Adds a retention bonus to a commission: 1% for each whole year after the second, at most 10%.
local EACH = attain.percent(1)
local MOST = 10

-- Returns the whole years between two dates.
local function years_between(from, to)
  local years = to.year - from.year
  if to.month < from.month or (to.month == from.month and to.day < from.day) then
    years = years - 1
  end
  return years
end

function loyalty(commission, hired, day)
  local years = years_between(hired, day)
  local counted = math.max(math.min(years - 2, MOST), 0)
  return commission * (1 + EACH * counted), years .. " whole years, " .. counted .. " of them count"
end
