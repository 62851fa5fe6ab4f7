-- std/tenure: see tenure.attain. In years without February 29, its anniversary is February 28. In shorter months, the anniversary
-- of the 31st is the last day.

-- Returns the whole months from first to second. second must not be earlier.
local function months_between(first, second)
  local months = (second.year - first.year) * 12 + second.month - first.month
  if first + attain.months(months) > second then
    months = months - 1
  end
  return months
end

function whole_months(first, second)
  if second < first then return -months_between(second, first) end
  return months_between(first, second)
end

function whole_years(first, second)
  if second < first then return -(months_between(second, first) // 12) end
  return months_between(first, second) // 12
end
