function payday(p)
  return p.last + attain.days(10)
end

function nearest(amount, step)
  assert(amount.currency == "USD" and step.currency == "USD")
  return step * (amount / step + attain.number("0.5")):floor()
end

function extra(amount)
  assert(amount.currency == "USD")
  return amount / 100
end

function reduced(amount)
  assert(amount.currency == "JPY")
  return amount * attain.percent(90)
end

-- The cell is in the policy's currency, also for a payee who is paid in another.
function least(me)
  assert(me.total.currency == "USD" and me.components.commission.currency == "USD")
  return attain.money(120), me.components.commission .. " of commission for a payee in " .. me.payee.currency
end
