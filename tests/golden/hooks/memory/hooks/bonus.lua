function bonus(amount, deals)
  local t = {}
  while deals == 2 do t[#t + 1] = { amount } end
  return amount * attain.percent(10)
end
