function bonus(amount, deals)
  for i = 1, 1000000 do end
  return amount
end
