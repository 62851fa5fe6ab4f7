function bonus(amount, deals)
  return amount * attain.percent(10)
end
