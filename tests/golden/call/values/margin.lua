local MOST = attain.number("1.1")

function part(amount, cost)
  local margin = (amount - cost) / amount
  attain.note("margin", margin)
  if margin < 0 then
    error("the cost is above the price")
  end
  return math.min(margin / attain.percent(30), MOST)
end

function scaled(amount, cost)
  local share = part(amount, cost)
  attain.log("share", share, { amount = amount, cost = cost })
  return amount * share, "margin at " .. tostring(share)
end
