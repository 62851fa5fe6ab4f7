-- Counts business days: from Monday to Friday, without holidays.
local holidays = require "holidays"

-- Returns the business days after `first`, up to and with `last`.
function business_days(first, last)
  local count, day = 0, first + 1
  while day <= last do
    if day.weekday <= 5 and not holidays[day] then count = count + 1 end
    day = day + 1
  end
  return count
end
