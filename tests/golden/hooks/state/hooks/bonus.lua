local seen = 0
function bonus(amount, deals)
  if deals == 2 then seen = seen + 1 end
  return amount * attain.percent(10) * (1 + seen)
end
