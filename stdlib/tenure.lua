-- std/tenure: see tenure.attain. The 29th of February has its anniversary on the 28th where there is no 29th, and the 31st of a
-- month on the last day of a shorter one.

-- Whole months from first to second, where second is not the earlier one.
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
