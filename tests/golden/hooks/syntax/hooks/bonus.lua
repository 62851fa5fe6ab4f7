function bonus(amount, deals)
  return amount * * 2
end
