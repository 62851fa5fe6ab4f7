function bonus(amount, deals)
  if deals == 2 then return 1 + bonus(amount, deals) end
  return amount * attain.percent(10)
end
