local most = attain.money("100")

local function share(amount)
  local rate = attain.percent(5)
  return amount * attain.percent(10)
end

function bonus(amount, deals)
  if amount > 5000 then
    for i = 1, deals do
      amount = share(amuont)
    end
  elseif deals > 1 then
    return deals
  end
end
