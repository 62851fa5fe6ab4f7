function part(amount, cost)
  local margin = (amount - cost) / amount
  if margin < 0 then
    error("the cost is above the price")
  end
  return margin / attain.percent(30)
end

function scaled(amount, cost)
  local share = part(amount, cost)
  return amount * share, share == attain.percent(50) and "half" or nil
end
