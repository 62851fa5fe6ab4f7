-- Returns the floor of the total, from the hours and the level of the payee.
local HOURLY = { junior = attain.money(18), senior = attain.money("27.50") }

function fair(me)
  local floor = HOURLY[me.payee.level] * me.measures.hours
  if me.payee.hired >= me.period.start then
    floor = floor / 2 -- half in the quarter of hire
  end
  if floor <= me.total then
    return floor, "earned more than " .. floor
  end
  return floor, me.measures.hours .. " hours of a " .. me.payee.level .. ", against " .. me.components.commission .. " of commission"
end
