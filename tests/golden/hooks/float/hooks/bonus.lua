function bonus(amount, deals)
  return amount * 0.1
end
