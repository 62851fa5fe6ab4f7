function bonus(amount, deals)
  local last = 1
  return amount * attain.percent(10) * 0.5
end
